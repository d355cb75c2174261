import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { eventsOf, firebreak } from "@firebreak/testing/command-line/firebreak";

const VERBS = [
  "plan",
  "rehearse",
  "export",
  "transform",
  "load",
  "checksum",
  "verify",
  "restore",
  "bundle",
  "inspect",
  "status",
] as const;

describe("help", () => {
  test.each(VERBS)("of %s ends with 0 and has examples", async (verb) => {
    const { exitCode, stdout } = await firebreak([verb, "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Examples:");
    expect(stdout).toContain(`pnpm ${verb}`);
    expect(stdout).toContain("--archive");
  });

  test("names every verb and the exit codes", async () => {
    const { exitCode, stdout } = await firebreak(["--help"]);
    expect(exitCode).toBe(0);
    for (const verb of VERBS) expect(stdout).toContain(verb);
    expect(stdout).toContain("Exit codes");
  });

  test("--version prints the version alone", async () => {
    const { exitCode, stdout } = await firebreak(["--version"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe("a command line that is not right ends with 2 and says what is wrong", () => {
  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["no verb", [], /command/i],
    ["a verb that is none", ["exprot"], /exprot|export/],
    ["a flag that is none", ["verify", "--colour"], /colour/],
    ["a flag of another verb", ["verify", "--part-mib", "3"], /part-mib/],
    ["a word too many", ["verify", "extra"], /extra/],
    ["a value that a choice has not", ["verify", "--depth", "deep"], /depth/],
    ["a number that is none", ["verify", "--jobs", "many"], /jobs/],
    ["no jobs", ["verify", "--jobs", "0"], /jobs/],
    ["part of a job", ["verify", "--jobs", "1.5"], /jobs/],
    ["a flag without its value", ["verify", "--archive"], /archive/],
    ["a number's flag without its value", ["checksum", "--sample"], /sample/],
    ["a flag without its text", ["inspect", "--grep"], /grep/],
    ["no URL for export", ["export", "--archive", "/no/such"], /FIREBREAK_MONGODB_URL/],
    ["no URL for restore", ["restore", "--archive", "/no/such"], /FIREBREAK_MONGODB_URL/],
    ["a drop with nobody to ask", ["restore", "--drop", "--mongodb-url", "mongodb://h"], /--yes/],
    ["a URL that is none", ["export", "--archive", "/no/such", "--mongodb-url", "nonsense"], /URL/],
    [
      "a password that is cut short",
      ["export", "--archive", "/no/such", "--mongodb-url", "mongodb://me@ge/heim@h/db"],
      /%2F/,
    ],
    ["a key file that is not there", ["verify", "--identity", "/no/such.key"], /no\/such\.key/],
    ["a trusted key that is not there", ["verify", "--trusted-key", "/no/such.pub"], /no\/such\.pub/],
    ["a config file that is not there", ["verify", "--config", "/no/such.yaml"], /no\/such\.yaml/],
  ];
  test.each(wrong)("%s", async (_, args, says) => {
    const { exitCode, stderr, stdout } = await firebreak(args);
    expect(stderr).toMatch(says);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });

  test("a folder that is not there is no archive that was never finished", async () => {
    for (const verb of ["transform", "verify", "inspect", "status", "bundle"]) {
      const { exitCode, stderr } = await firebreak([verb, "--archive", "/no/such"]);
      expect({ verb, exitCode }).toEqual({ verb, exitCode: 5 });
      expect(stderr).toContain("There is no archive at /no/such.");
    }
  });

  test("a verb that is none is told which there are", async () => {
    const { stderr } = await firebreak(["laod"]);
    for (const verb of VERBS) expect(stderr).toContain(verb);
  });

  test("no URL for checksum and load", async () => {
    for (const verb of ["load", "checksum"]) {
      const { exitCode, stderr } = await firebreak([verb, "--archive", "/no/such"]);
      // Either is right to be told first: that there is no archive, or no URL.
      expect([2, 5]).toContain(exitCode);
      expect(stderr).toMatch(/FIREBREAK_MYSQL_URL|\/no\/such/);
    }
  });

  test("a URL with a password among the flags, which is not repeated", async () => {
    for (const [verb, flag, url] of [
      ["export", "--mongodb-url", "mongodb://me:geheim123@127.0.0.1:1/db"],
      ["export", "--mongodb-url", "mongodb+srv://me:geheim123@example.org/db"],
      ["load", "--mysql-url", "mysql://me:geheim123@127.0.0.1:1/db"],
      ["checksum", "--mysql-url", "mysql://me:geheim123@localhost/db?socketPath=/x"],
      ["checksum", "--mysql-url", "mysql://me:geheim123:with/odd@signs@localhost/db"],
    ] as const)
      for (const given of [[`${flag}=${url}`], [flag, url]]) {
        const { exitCode, output } = await firebreak([verb, ...given, "--archive", "/no/such"]);
        expect({ url, exitCode }).toEqual({ url, exitCode: 2 });
        expect(output).not.toContain("geheim123");
        expect(output).toContain(flag === "--mysql-url" ? "FIREBREAK_MYSQL_URL" : "FIREBREAK_MONGODB_URL");
      }
  });

  test("with --json the summary says it too, and stdout has nothing else", async () => {
    const ended = await firebreak(["verify", "--no-such-flag", "--json"]);
    expect(ended.exitCode).toBe(2);
    expect(eventsOf(ended)).toEqual([
      expect.objectContaining({ event: "summary", command: "verify", ok: false, exitCode: 2 }),
    ]);
  });
});

describe("settings", () => {
  test("a file may hold the long flags; the command line wins over it, the environment too", async () => {
    await using place = await folder();
    const config = join(place.path, "firebreak.yaml");
    await writeFile(
      config,
      `archive: ${join(place.path, "from-file")}\nmysql-url: mysql://me:geheim123@127.0.0.1:1/db\n`,
    );
    const fromFile = await firebreak(["verify", "--config", config]);
    expect(fromFile.exitCode).toBe(5);
    expect(fromFile.stderr).toContain("from-file");
    const fromFlag = await firebreak([
      "verify",
      "--config",
      config,
      "--archive",
      join(place.path, "from-flag"),
    ]);
    expect(fromFlag.stderr).toContain("from-flag");
  });

  test("a file that is no YAML, or no settings, is refused with its name", async () => {
    await using place = await folder();
    for (const content of ["{ not: [yaml", "- a\n- list\n", "just words\n"]) {
      const config = join(place.path, "firebreak.yaml");
      await writeFile(config, content);
      const { exitCode, stderr } = await firebreak(["verify", "--config", config]);
      expect({ content, exitCode }).toEqual({ content, exitCode: 2 });
      expect(stderr).toContain("firebreak.yaml");
    }
  });

  test("a file with a setting that is none is refused, for a misspelt one would be passed over", async () => {
    await using place = await folder();
    const config = join(place.path, "firebreak.yaml");
    await writeFile(config, "archiev: /somewhere\n");
    const { exitCode, stderr } = await firebreak(["verify", "--config", config]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("archiev");
  });

  test.each([
    ["archive: 5\n", /archive takes text/],
    ["part-mib: many\n", /part-mib takes a number/],
    ['quiet: "yes"\n', /quiet takes true or false/],
    ["depth: deep\n", /depth takes one of files, content/],
    ["include: [a.b, 7]\n", /include takes text/],
    ["archive: [a, b]\n", /archive takes text/],
  ])("a file with %j is refused, for its value would be passed over", async (content, message) => {
    await using place = await folder();
    const config = join(place.path, "firebreak.yaml");
    await writeFile(config, content);
    const { exitCode, stderr } = await firebreak(["verify", "--config", config]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });

  test("a variable that is empty does not hide what the file says", async () => {
    await using place = await folder();
    const config = join(place.path, "firebreak.yaml");
    await writeFile(config, `archive: ${join(place.path, "from-file")}\n`);
    const { stderr } = await firebreak(["verify", "--config", config], {
      within: ["env", "FIREBREAK_ARCHIVE="],
    });
    expect(stderr).toContain(join(place.path, "from-file"));
  });

  test("relative paths are from where the person stands", async () => {
    await using place = await folder();
    const { exitCode, stderr } = await firebreak(["verify", "--archive", "here"], { cwd: place.path });
    expect(exitCode).toBe(5);
    expect(stderr).toContain(join(place.path, "here"));
  });

  test("the `--` that pnpm passes on is no argument", async () => {
    await using place = await folder();
    for (const args of [
      ["--", "verify", "--archive", "here"],
      ["verify", "--", "--archive", "here"],
    ]) {
      const { exitCode, stderr } = await firebreak(args, { cwd: place.path });
      expect({ args, exitCode }).toEqual({ args, exitCode: 5 });
      expect(stderr).toContain(join(place.path, "here"));
    }
  });
});
