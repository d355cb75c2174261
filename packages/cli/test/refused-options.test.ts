import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Reason } from "@firebreak/archive";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandsOf } from "../src/command-list.ts";
import { PROFILES } from "../src/profiles.ts";
import { english } from "../src/messages/en/english.ts";
import { words } from "../src/messages/en/reasons.ts";
import { knownFlags } from "../src/parse-arguments.ts";
import { Settings } from "../src/settings.ts";
import type { Flags } from "../src/flags.ts";
import { folder } from "@firebreak/testing/archives/folder";

const COMMANDS = commandsOf(PROFILES);

const OLD_ARCHIVE = join(import.meta.dirname, "..", "..", "..", "fixtures", "archive-v1");
const NO_SHA256 = "0".repeat(64);
const MYSQL = { "mysql-url": "mysql://root@127.0.0.1:1/x" };
const MONGODB = { "mongodb-url": "mongodb://127.0.0.1:1/x" };

/** Runs a command until it fails, in this process; returns what it says is wrong with the command line. */
async function complaint(verb: string, flags: Flags): Promise<unknown> {
  const command = COMMANDS.find(({ name }) => name === verb)!;
  const settings = new Settings(command, flags, knownFlags(COMMANDS));
  try {
    for await (const _ of command.run(settings, async () => false, undefined, english));
  } catch (error) {
    const { code, fields } = error as { code: string; fields: { reason: Reason } };
    return code === "usage" ? words(fields.reason) : code;
  }
  return "nothing";
}

describe("an option that does nothing in this case is refused, and not passed over", () => {
  let place: Awaited<ReturnType<typeof folder>>;
  const archives = { full: OLD_ARCHIVE, delta: "", repair: "", ofMysql: "" };
  beforeAll(async () => {
    place = await folder();
    const changes = {
      delta: { delta: { chainSha256: NO_SHA256, baseSha256: NO_SHA256, number: 1, by: "comparison" } },
      repair: { format: "firebreak-repair" },
      ofMysql: { source: { kind: "mysql", server: "127.0.0.1:3306" } },
    };
    for (const [name, change] of Object.entries(changes)) {
      const archive = join(place.path, name);
      await cp(OLD_ARCHIVE, archive, { recursive: true });
      const file = join(archive, "manifest.json");
      const manifest = JSON.parse(await readFile(file, "utf8")) as object;
      await writeFile(file, JSON.stringify({ ...manifest, ...change }));
      archives[name as keyof typeof archives] = archive;
    }
  });
  afterAll(() => place[Symbol.asyncDispose]());

  const cases: readonly (readonly [string, keyof typeof archives, Flags, string])[] = [
    [
      "load",
      "full",
      { ...MONGODB, to: "mongodb", merge: true },
      "--merge is for an application's own tables in MySQL",
    ],
    ["load", "delta", { ...MYSQL, merge: true }, "--merge is for the full archive"],
    ["load", "full", { ...MYSQL, "keep-expired": true }, "--keep-expired comes too late"],
    ["load", "repair", { ...MYSQL, to: "mongodb" }, "--to is for archives"],
    ["load", "repair", { ...MYSQL, merge: true }, "--merge is for archives"],
    ["load", "repair", { ...MYSQL, "replay-quarantine": true }, "--replay-quarantine is for archives"],
    ["load", "repair", { ...MYSQL, "max-quarantine": 5 }, "--max-quarantine is for archives"],
    ["restore", "full", { ...MONGODB, "max-quarantine": 5 }, "--max-quarantine is for an archive of MySQL"],
    ["restore", "full", { ...MONGODB, ...MYSQL }, "--mysql-url is for an archive of MySQL"],
    ["restore", "ofMysql", { ...MONGODB, ...MYSQL }, "--mongodb-url is for an archive of MongoDB"],
    ["export", "full", { ...MYSQL }, "--mysql-url goes with --source mysql"],
    ["export", "full", { ...MONGODB, source: "mysql" }, "--mongodb-url is for --source mongodb"],
    [
      "export",
      "full",
      { ...MYSQL, source: "mysql", "give-up-after": 3 },
      "--give-up-after is for --source mongodb",
    ],
    [
      "export",
      "full",
      { source: "dump", dump: "/no/such", "give-up-after": 3 },
      "--give-up-after is for --source",
    ],
  ];
  test.each(cases)("%s of the archive %s with %j", async (verb, archive, flags, reason) => {
    expect(await complaint(verb, { archive: archives[archive], ...flags })).toEqual(
      expect.stringContaining(reason),
    );
  });

  test("but in a file, which serves many runs, it may be; --merge into MongoDB may not", async () => {
    const config = join(place.path, "firebreak.yaml");
    await writeFile(config, "merge: true\nmax-quarantine: 5\nkeep-expired: true\ngive-up-after: 3\n");
    const run = (verb: string, archive: keyof typeof archives, flags: Flags): Promise<unknown> =>
      complaint(verb, { config, archive: archives[archive], ...flags });
    expect(await run("load", "full", MYSQL)).toBe("mysql-unreachable");
    expect(await run("export", "full", { ...MYSQL, source: "mysql" })).toBe("archive-exists");
    expect(await run("load", "full", { ...MONGODB, to: "mongodb" })).toEqual(
      expect.stringContaining("--merge"),
    );
  });
});
