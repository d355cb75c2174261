import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandsOf } from "../src/command-list.ts";
import { PROFILES } from "../src/profiles.ts";
import { english } from "../src/messages/en/english.ts";
import { knownFlags, parseArguments } from "../src/parse-arguments.ts";

const COMMANDS = commandsOf(PROFILES);

const PROJECT = join(import.meta.dirname, "..", "..", "..");
const PAGES = globSync(["*.md", "docs/*.md", "packages/*/*.md", "fixtures/*.md"], {
  cwd: PROJECT,
}).toSorted();
const SCRIPTS = (JSON.parse(read("package.json")) as { scripts: Record<string, string> }).scripts;

/** Flags of mongodump that the pages name. */
const FOREIGN_FLAGS = ["gzip", "oplog"];

function read(file: string): string {
  return readFileSync(join(PROJECT, file), "utf8");
}

/** Returns the command lines of a page: what follows `$` in its indented lines, split at `&&` and `|`, comments taken off. */
function linesOf(page: string): string[][] {
  const lines = [...read(page).matchAll(/^ {4}\$ (.*)$/gm)].map(([, line = ""]) => line);
  return lines.flatMap((line) => line.replace(/\s#.*$/, "").split(/&&|\|/)).map(wordsOf);
}

/** Splits a command line as a shell does that has quotes and no escapes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ""));
}

/** Returns the anchors that a page's headings have on the web: lower case, no punctuation, hyphens for spaces. */
function anchorsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test("the README has at most 150 lines", () => {
  expect(read("README.md").split("\n").length - 1).toBeLessThanOrEqual(150);
});

describe.each(PAGES)("%s", (page) => {
  test("has commands that the command line takes", async () => {
    for (const [program, ...args] of linesOf(page)) {
      if (program !== "pnpm") continue;
      const [verb = "", ...rest] = args.filter((arg) => arg !== "--silent");
      if (COMMANDS.every(({ name }) => name !== verb)) {
        expect([...Object.keys(SCRIPTS), "install"], `pnpm ${verb}`).toContain(verb);
        continue;
      }
      const request = await parseArguments([verb, ...rest], COMMANDS, english.help);
      expect(request?.command.name, rest.join(" ")).toBe(verb);
    }
  });

  test("names no flag that no command has", () => {
    const known = [...Object.keys(knownFlags(COMMANDS)), "config", "to", "help", ...FOREIGN_FLAGS];
    for (const [, text = ""] of read(page).matchAll(/`([^`\n]+)`/g))
      for (const [, flag] of text.matchAll(/(?<![\w-])--([a-z][a-z-]+)/g))
        expect(known, text).toContain(flag);
  });

  test("has links that lead somewhere", () => {
    for (const [, link = ""] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (link.startsWith("https://")) continue;
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? page : join(dirname(page), file);
      if (anchor === undefined) expect(existsSync(join(PROJECT, target)), link).toBe(true);
      else expect(anchorsOf(target), link).toContain(anchor);
    }
  });
});

test.each(globSync("packages/*", { cwd: PROJECT }))(
  "%s has a README that names no package it does not stand on",
  (folder) => {
    const { name, dependencies = {} } = JSON.parse(read(join(folder, "package.json"))) as {
      name: string;
      dependencies?: Record<string, string>;
    };
    const [, said = ""] = /stands on ([^]*?)\.\s/.exec(read(join(folder, "README.md"))) ?? [];
    for (const [, other = ""] of said.matchAll(/`([a-z-]+)`/g))
      expect([name, ...Object.keys(dependencies)], folder).toContain(`@firebreak/${other}`);
  },
);

test("every page that a message names is there", () => {
  const sources = globSync("packages/*/src/**/*.ts", { cwd: PROJECT }).map(read).join("\n");
  const named = [...sources.matchAll(/docs\/[\w-]+\.md/g)].map(([name]) => name);
  expect(named).toContain("docs/keys-and-tls.md");
  for (const page of named) expect(existsSync(join(PROJECT, page)), page).toBe(true);
  expect(sources).not.toMatch(/\bREADME: /);
});
