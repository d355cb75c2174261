import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { firebreak } from "@firebreak/testing/command-line/firebreak";

/** Returns what a command says of a settings file with this content. */
async function complaint(content: string): Promise<string> {
  await using place = await folder();
  const config = join(place.path, "firebreak.yaml");
  await writeFile(config, content);
  const { exitCode, output } = await firebreak(["verify", "--config", config]);
  expect(exitCode).toBe(2);
  return output.replaceAll(`${place.path}/`, "");
}

test.each([
  [
    "a key that no command has",
    "# ours\narchive: a\ninclude-db: shop\n",
    "firebreak.yaml, line 3: there is no setting `include-db`; did you mean `include`?",
  ],
  ["a key unlike any", "zzzzzzzz: 1\n", "firebreak.yaml, line 1: there is no setting `zzzzzzzz`."],
  ["a key in two lines", "jobs: 1\nyes: true\njobs: 2\n", "line 3: `jobs` is there already, in line 1."],
  ["a tab", "archive: a\ninclude:\n\t- shop.*\n", "line 3: a tab indents the line"],
  ["a wrong type", "yes: true\n\njobs: two\n", "line 3: jobs takes a number."],
  ["a number that is text", "yes: true\narchive: 5\n", "line 2: archive takes text (in quotes"],
  [
    "a wrong choice",
    "yes: true\nsource: mysqll\n",
    "line 2: source takes one of mongodb, mysql, dump; did you mean `mysql`?",
  ],
  ["a list with a number", "include: [a.b,\n  7]\n", "line 1: include takes text, or a list of texts."],
  ["a map", "include:\n  shop: all\n", "line 1: include takes text, or a list of texts."],
  [
    "a bracket that stays open",
    "archive: a\ninclude: [a.b\n",
    "firebreak.yaml, line 3: the line is not YAML",
  ],
  ["an alias of nothing", "archive: *other\n", "line 1"],
  ["a key without a value", "archive:\n", "line 1: archive takes text"],
  ["a name that every object has", "constructor: 1\n", "line 1: there is no setting `constructor`"],
  ["nothing", "# nothing\n", "firebreak.yaml cannot be read: it holds no settings."],
])("%s is refused with its line", async (_, content, says) => {
  expect(await complaint(content)).toContain(says);
});

describe("a message never quotes a password", () => {
  test.each([
    ["a URL without its key", "mysql://me:planted4711@h/db\n"],
    ["a URL as a key", "mysql://me:planted4711@h/db: x\n"],
    ["a URL behind a flow", "{jobs: 1} mysql://me:planted4711@h/db\n"],
    ["a quote that stays open", 'mysql-url: "mysql://me:planted4711@h/db\n'],
    ["an escape that is none", 'mysql-url: "mysql://me:\\planted4711@h/db"\n'],
    ["an alias", "mysql-url: *planted4711\n"],
    ["a key with the URL in it", "mysql-urll mysql://me:planted4711@h/db: 1\n"],
    ["a list", "mysql-url: [mysql://me:planted4711@h/db]\n"],
    ["a tag", "mysql-url: !planted4711 5\n"],
  ])("%s", async (_, content) => {
    expect(await complaint(content)).not.toContain("planted4711");
  });
});
