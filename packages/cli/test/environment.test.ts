import { globSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { eventsOf, firebreak } from "@firebreak/testing/command-line/firebreak";
import { worded } from "@firebreak/testing/command-line/worded";
import { commandsOf } from "../src/command-list.ts";
import { environmentSettings, variableOf } from "../src/environment.ts";
import type { Flags } from "../src/flags.ts";
import { knownFlags } from "../src/parse-arguments.ts";
import { PROFILES } from "../src/profiles.ts";
import { Settings } from "../src/settings.ts";

const COMMANDS = commandsOf(PROFILES);
const known = knownFlags(COMMANDS);
const PROJECT = join(import.meta.dirname, "..", "..", "..");

function settingsOf(
  verb: string,
  environment: Readonly<Record<string, string>>,
  flags: Flags = {},
): Settings {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return new Settings(
    COMMANDS.find(({ name }) => name === verb)!,
    flags,
    known,
  );
}

afterEach(() => vi.unstubAllEnvs());

describe.each(COMMANDS)("$name", (command) => {
  test("takes each of its flags from a variable, and does the same", () => {
    for (const [flag, { type, choices, array }] of Object.entries(command.flags)) {
      if (command.commandLineOnly?.includes(flag) === true) continue;
      const text = choices !== undefined ? String(choices[0]) : type === "number" ? "3" : "true";
      const value = type === "number" ? 3 : type === "boolean" ? true : array === true ? [text] : text;
      vi.stubEnv(variableOf(flag), text);
      const origin = { from: "variable", name: variableOf(flag) };
      expect(environmentSettings(command).get(flag), flag).toEqual({ value, origin });
      vi.unstubAllEnvs();
    }
  });
});

test("a list has its words between spaces or line ends", () => {
  const settings = settingsOf("export", { FIREBREAK_INCLUDE: " shop.*  chat.*\nnews.items\n" });
  expect(settings.list("include")).toEqual(["shop.*", "chat.*", "news.items"]);
});

test("a switch may be turned off again by a flag", () => {
  expect(settingsOf("verify", { FIREBREAK_QUIET: "true" }).isOn("quiet")).toBe(true);
  expect(settingsOf("verify", { FIREBREAK_QUIET: "false" }).isOn("quiet")).toBe(false);
  expect(settingsOf("verify", { FIREBREAK_QUIET: "true" }, { quiet: false }).isOn("quiet")).toBe(false);
});

test("a flag wins over a variable, and a variable over the file that another variable names", async () => {
  await using place = await folder();
  const config = join(place.path, "firebreak.yaml");
  await writeFile(config, "jobs: 1\narchive: /of/file\nwork: /of/file\n");
  const environment = { FIREBREAK_CONFIG: config, FIREBREAK_JOBS: "2", FIREBREAK_ARCHIVE: "/of/variable" };
  const settings = settingsOf("load", environment, { jobs: 3 });
  expect([settings.jobs, settings.archive, settings.work]).toEqual([3, "/of/variable", "/of/file"]);
});

test("an empty variable counts as not set, and one of another command's flag is left alone", () => {
  const settings = settingsOf("verify", { FIREBREAK_JOBS: "", FIREBREAK_VOLUME_MIB: "no number" });
  expect(settings.whole("jobs")).toBeUndefined();
});

test("FIREBREAK_TO says the kind for checksum too, and FIREBREAK_TARGET_FACTS means transform's file", () => {
  const both = { FIREBREAK_TO: "mongodb", FIREBREAK_TARGET_FACTS: "facts.json" };
  expect(settingsOf("checksum", both).text("against")).toBe("mongodb");
  expect(settingsOf("checksum", both, { against: "mysql" }).text("against")).toBe("mysql");
  expect(settingsOf("transform", both).text("target-facts")).toBe("facts.json");
  expect(settingsOf("inspect", both).text("target-facts")).toBeUndefined();
});

test.each([
  ["verify", { FIREBREAK_JOBS: "many" }, "FIREBREAK_JOBS takes a number"],
  ["verify", { FIREBREAK_JSON: "yes" }, "FIREBREAK_JSON takes true or false"],
  ["verify", { FIREBREAK_DEPTH: "deep" }, "FIREBREAK_DEPTH takes one of files, content"],
  ["verify", { FIREBREAK_LANG: "xx" }, "FIREBREAK_LANG takes one of en"],
  ["checksum", { FIREBREAK_DRY_RUN: "true" }, /FIREBREAK_DRY_RUN is set, and checksum has no --dry-run/],
  ["bundle", { FIREBREAK_OUT: "a", FIREBREAK_EXTRACT: "b" }, /FIREBREAK_\w+ and FIREBREAK_\w+ exclude/],
] as const)("%s with %j is refused", (verb, environment, reason) => {
  expect(() => settingsOf(verb, environment)).toThrow(
    expect.objectContaining({
      code: "usage",
      exitCode: 2,
      fields: expect.objectContaining({ reason: worded(reason) }),
    }),
  );
});

test("FIREBREAK_DRY_RUN changes nothing for a command that only looks", () => {
  const dry = { FIREBREAK_DRY_RUN: "true" };
  for (const verb of ["verify", "status", "query-test", "inspect"])
    expect(settingsOf(verb, dry).isOn("dry-run"), verb).toBe(false);
  expect(() => settingsOf("inspect", dry, { "target-facts": "facts.json" })).toThrow(
    expect.objectContaining({ code: "usage", exitCode: 2 }),
  );
});

test.each([
  [["--json=false"], false],
  [["--no-json"], false],
  [["--json", "false"], false],
  [["--json=false", "--json"], true],
  [[], true],
] as const)(
  "with FIREBREAK_JSON and %j, a flag that is not known is told accordingly",
  async (flags, isJson) => {
    const ended = await firebreak(["verify", ...flags, "--unknown"], {
      environment: { FIREBREAK_JSON: "true" },
    });
    expect(ended.exitCode).toBe(2);
    expect(ended.stdout.includes('"event":"summary"')).toBe(isJson);
  },
);

test("a number out of its range is refused with the name of the variable, or the line of the file", async () => {
  await using place = await folder();
  const ofVariable = await firebreak(["verify"], { environment: { FIREBREAK_JOBS: "0" } });
  expect(ofVariable).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("FIREBREAK_JOBS takes a number"),
  });
  const config = join(place.path, "firebreak.yaml");
  await writeFile(config, "# ours\njobs: 1.5\n");
  const ofFile = await firebreak(["verify", "--config", config]);
  expect(ofFile.exitCode).toBe(2);
  expect(ofFile.stderr).toContain(`\`jobs\` (${config}, line 2) takes a whole number`);
});

test("FIREBREAK_JSON makes stdout carry events, also where another variable is wrong", async () => {
  const environment = { FIREBREAK_JSON: "true", FIREBREAK_JOBS: "many" };
  const events = eventsOf(await firebreak(["verify"], { environment }));
  expect(events).toEqual([expect.objectContaining({ event: "summary", ok: false, exitCode: 2 })]);
});

test("no variable of tests, scripts or the bench sets a flag by its name", () => {
  const files = globSync("{packages/*/{src,test},test,scripts,bench,fixtures/src}/**/*.{ts,sh}", {
    cwd: PROJECT,
    exclude: (path) => /node_modules|packages\/cli/.test(path),
  });
  const named = files.flatMap(
    (file) => readFileSync(join(PROJECT, file), "utf8").match(/FIREBREAK_[A-Z_]+/g) ?? [],
  );
  expect(named).toContain("FIREBREAK_TEST_KILL");
  const variables = new Set([...Object.keys(known), "config"].map(variableOf));
  const meant = ["FIREBREAK_MONGODB_URL", "FIREBREAK_MYSQL_URL"];
  expect([...new Set(named)].filter((name) => variables.has(name)).toSorted()).toEqual(meant);
});
