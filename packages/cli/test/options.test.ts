import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { worded } from "@firebreak/testing/command-line/worded";
import { commandsOf } from "../src/command-list.ts";
import { PROFILES } from "../src/profiles.ts";
import { english } from "../src/messages/en/english.ts";
import { knownFlags, parseArguments } from "../src/parse-arguments.ts";
import { Settings } from "../src/settings.ts";
import type { Flags } from "../src/flags.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { eventsOf, firebreak } from "@firebreak/testing/command-line/firebreak";

const COMMANDS = commandsOf(PROFILES);

const ALL = [
  "plan",
  "rehearse",
  "export",
  "transform",
  "load",
  "checksum",
  "verify",
  "restore",
  "bundle",
  "compact",
  "inspect",
  "status",
  "init",
  "query-test",
] as const;
type Verb = (typeof ALL)[number];
const without = (...verbs: readonly Verb[]): readonly Verb[] => ALL.filter((verb) => !verbs.includes(verb));

/** Options whose name in a file is another command's: transform reads what inspect writes, and checksum shows rows. */
const ANOTHERS = ["inspect target-facts", "rehearse sample"];

/** Returns a value that an option of a command takes. The sample of a rehearsal is a part, and a text. */
const valueFor = (verb: Verb, option: string): unknown =>
  verb === "rehearse" && option === "sample" ? String(takenValue(option)) : takenValue(option);

/** The commands that take the URL of a MongoDB. */
const WITH_MONGODB: readonly Verb[] = [
  "plan",
  "rehearse",
  "export",
  "load",
  "checksum",
  "restore",
  "status",
  "init",
  "query-test",
];

/** The commands that take the URL of a MySQL. */
const WITH_MYSQL: readonly Verb[] = [
  "plan",
  "rehearse",
  "export",
  "load",
  "checksum",
  "restore",
  "inspect",
  "status",
  "init",
  "query-test",
];

/** In the help of which commands each option is. Everywhere else it is refused as unknown. */
const SHOWN: Readonly<Record<string, readonly Verb[]>> = {
  archive: ALL,
  config: ALL,
  json: ALL,
  quiet: ALL,
  jobs: without("status", "init", "query-test"),
  yes: ["load", "restore", "init"],
  lang: [],
  "mongodb-url": WITH_MONGODB,
  "mongodb-url-file": WITH_MONGODB,
  "mysql-url": WITH_MYSQL,
  "mysql-url-file": WITH_MYSQL,
  work: without("export", "compact", "init"),
  identity: without("plan", "rehearse", "bundle", "init"),
  "passphrase-file": without("plan", "rehearse", "bundle", "init"),
  source: ["export", "init"],
  dump: ["export", "init"],
  include: ["plan", "rehearse", "export", "restore", "init", "query-test"],
  exclude: ["plan", "rehearse", "export", "restore", "query-test"],
  "give-up-after": ["export"],
  recipient: ["export", "init"],
  "clear-names": ["export"],
  sign: ["export"],
  "part-mib": ["export"],
  "by-comparison": ["export"],
  "delta-from": ["export", "transform", "load", "checksum", "compact"],
  profile: ["plan", "rehearse", "transform"],
  "profile-option": ["plan", "rehearse", "transform", "query-test"],
  site: ["plan", "rehearse", "transform", "query-test"],
  "target-facts": ["plan", "rehearse", "transform", "inspect"],
  connections: ["query-test"],
  file: ["query-test"],
  "keep-expired": ["transform", "load"],
  to: ["transform", "load", "checksum", "status", "init"],
  against: ["checksum"],
  "max-quarantine": ["load", "restore"],
  "replay-quarantine": ["load"],
  merge: ["load"],
  "dry-run": ["load", "restore", "bundle"],
  watch: ["plan"],
  survey: ["plan"],
  probe: ["plan"],
  sample: ["rehearse", "checksum"],
  clean: ["rehearse"],
  repair: ["checksum"],
  "since-last": ["checksum"],
  "only-since-last": ["checksum"],
  depth: ["verify"],
  "trusted-key": ["verify"],
  drop: ["restore"],
  rename: ["restore"],
  "collation-map": ["restore"],
  "no-indexes": ["restore"],
  "no-oplog": ["export"],
  "to-dump": ["restore"],
  "volume-mib": ["bundle"],
  out: ["bundle", "compact"],
  extract: ["bundle"],
  namespace: ["inspect"],
  grep: ["inspect"],
};

/** Accepted without being in the help: they do nothing there, and scripts may give them to every command. */
const HIDDEN: Readonly<Record<string, readonly Verb[]>> = {
  jobs: ["status", "init", "query-test"],
  yes: without("load", "restore", "init"),
  lang: ALL,
};

const OLD_ARCHIVE = join(import.meta.dirname, "..", "..", "..", "fixtures", "archive-v1");

/** The commands that read a settings file. */
const READERS = without("init");

const known = knownFlags(COMMANDS);
const commandOf = (verb: Verb) => COMMANDS.find(({ name }) => name === verb)!;

/** A value that the option takes. */
function valueOf(option: string): string | number | boolean {
  if (option === "config") return "firebreak.yaml";
  const { type, choices } = known[option]!;
  if (choices !== undefined) return String(choices[0]);
  return type === "number" ? 3 : type === "boolean" ? true : "text";
}

function given(option: string): string[] {
  const value = valueOf(option);
  return value === true ? [`--${option}`] : [`--${option}`, String(value)];
}

const takenValue = (option: string): unknown =>
  known[option]?.array === true ? [valueOf(option)] : valueOf(option);

/** Whether an option cannot be given together with some other of the same command. */
function hasConflicts(verb: Verb, option: string): boolean {
  const { flags } = commandOf(verb);
  return Object.entries(flags).some(
    ([name, { conflicts }]) =>
      conflicts !== undefined && (name === option || (conflicts as string[]).includes(option)),
  );
}

afterEach(() => vi.restoreAllMocks());

test("the table has every command and every option", () => {
  expect(COMMANDS.map(({ name }) => name)).toEqual(ALL);
  expect(new Set(Object.keys(SHOWN))).toEqual(new Set([...Object.keys(known), "config", "to"]));
});

describe.each(ALL)("%s", (verb) => {
  test("shows in its help the options that do something, and no others", async () => {
    const printed = vi.spyOn(console, "log").mockImplementation(() => undefined);
    expect(await parseArguments([verb, "--help"], COMMANDS, english.help)).toBeUndefined();
    const [help = ""] = String(printed.mock.calls[0]?.[0]).split("Examples:");
    const shown = [...help.matchAll(/^ {2,6}--([a-z-]+)(?:, --([a-z-]+))?/gm)].flatMap(([, ...names]) =>
      names.filter(Boolean),
    );
    const expected = Object.keys(SHOWN).filter((option) => SHOWN[option]!.includes(verb));
    expect(shown.toSorted()).toEqual([...expected, "help", "version"].toSorted());
  });

  test("takes these and the hidden ones, and refuses all others by name", async () => {
    const isTaken = (option: string): boolean =>
      SHOWN[option]!.includes(verb) || HIDDEN[option]?.includes(verb) === true;
    const options = Object.keys(SHOWN);
    const excluded = options.filter((option) => isTaken(option) && hasConflicts(verb, option));
    const together = options.filter((option) => isTaken(option) && !excluded.includes(option));
    for (const group of [together, ...excluded.map((option) => [option])]) {
      const request = await parseArguments([verb, ...group.flatMap(given)], COMMANDS, english.help);
      expect(request?.flags).toMatchObject(Object.fromEntries(group.map((o) => [o, valueFor(verb, o)])));
    }
    const refused = options.filter((option) => !isTaken(option));
    const error: unknown = await parseArguments(
      [verb, ...refused.flatMap(given)],
      COMMANDS,
      english.help,
    ).catch((thrown: unknown) => thrown);
    const { reason } = (error as { fields: { reason: string } }).fields;
    expect(new Set(/^Unknown arguments: (.*)$/.exec(reason)?.[1]?.split(", "))).toEqual(new Set(refused));
  });
});

describe("a file of settings", () => {
  let place: Awaited<ReturnType<typeof folder>>;
  beforeAll(async () => {
    place = await folder();
  });
  afterAll(() => place[Symbol.asyncDispose]());

  /** What a command's settings are with a file of this content, and these flags. */
  async function settingsOf(verb: Verb, content: object, flags: Flags = {}): Promise<Settings> {
    const config = join(place.path, "firebreak.yaml");
    await writeFile(config, JSON.stringify(content));
    return new Settings(commandOf(verb), { ...flags, config }, known);
  }

  test.each(READERS)("of %s may have what its flags say, and does the same", async (verb) => {
    for (const option of Object.keys(SHOWN).filter((o) => o !== "config" && SHOWN[o]!.includes(verb))) {
      const { type, array } = known[option]!;
      const read = (settings: Settings): unknown => {
        if (array === true) return settings.list(option);
        if (type === "boolean") return settings.isOn(option);
        if (type === "number") return settings.number(option);
        return option === "archive" || option === "work" ? settings[option] : settings.text(option);
      };
      const ofFlag = read(new Settings(commandOf(verb), { [option]: takenValue(option) }, known));
      const byDefault = read(new Settings(commandOf(verb), {}, known));
      expect(ofFlag, option).not.toEqual(byDefault);
      const isAnothers = ANOTHERS.includes(`${verb} ${option}`);
      const ofFile = read(await settingsOf(verb, { [option]: takenValue(option) }));
      expect(ofFile, option).toEqual(isAnothers ? byDefault : ofFlag);
    }
  });

  test("names no other file, which would be passed over", async () => {
    await expect(settingsOf("verify", { config: "other.yaml" })).rejects.toMatchObject({
      code: "config-unreadable",
      fields: { reason: worded("there is no setting `config`") },
    });
  });

  test("says `to` for checksum too, whose flag has that name beside --against", async () => {
    const against = async (content: object, flags?: Flags) =>
      (await settingsOf("checksum", content, flags)).text("against");
    expect(await against({ to: "mongodb" })).toBe("mongodb");
    expect(await against({ to: "mongodb", against: "mysql" })).toBe("mysql");
    expect(await against({ to: "mongodb" }, { against: "mysql", to: "mysql" })).toBe("mysql");
  });

  test("with dry-run is refused by a command that would write all the same", async () => {
    for (const verb of READERS) {
      const settings = settingsOf(verb, { "dry-run": true });
      const { writesWith } = commandOf(verb);
      if (SHOWN["dry-run"]!.includes(verb) || writesWith !== undefined)
        expect((await settings).isOn("dry-run")).toBe(writesWith === undefined);
      else
        await expect(settings).rejects.toMatchObject({
          code: "usage",
          fields: {
            reason: worded(new RegExp(`dry-run.* is set, and ${verb} has no --dry-run`)),
          },
        });
      await settingsOf(verb, { "dry-run": false });
    }
  });

  test.each([
    ["bundle", { out: "a", extract: "b" }, {}],
    ["bundle", { "volume-mib": 4 }, { extract: "b" }],
    ["checksum", { repair: "a", sample: 5 }, {}],
    ["checksum", { sample: 5 }, { repair: "a" }],
    ["restore", { "to-dump": "a" }, { drop: true }],
    ["restore", { "dry-run": true }, { "to-dump": "a" }],
  ] as const)(
    "of %s with %j is refused beside %j: one of the two would be passed over",
    async (verb, content, flags) => {
      await expect(settingsOf(verb, content, flags)).rejects.toMatchObject({
        code: "usage",
        fields: { reason: worded(/exclude each other/) },
      });
    },
  );

  test("has settings of other commands, which are no matter here", async () => {
    await settingsOf("verify", { "volume-mib": 4, extract: "b", sample: 5, repair: "a" });
    await settingsOf("restore", { "mongodb-url": "mongodb://h" }, { "to-dump": "a" });
    await settingsOf("restore", { drop: false }, { "to-dump": "a" });
    await settingsOf("inspect", { "target-facts": "facts.json" }, { namespace: "a.b" });
  });

  test("with json and quiet has stdout carry events alone, and stderr nothing", async () => {
    const config = join(place.path, "whole.yaml");
    await writeFile(config, `json: true\nquiet: true\narchive: ${OLD_ARCHIVE}\n`);
    const ended = await firebreak(["verify", "--config", config]);
    expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
    expect(eventsOf(ended).at(-1)).toMatchObject({ event: "summary", command: "verify", ok: true });
    const loud = await firebreak(["verify", "--config", config, "--no-json", "--no-quiet"]);
    expect(loud.stdout).toContain("verify done");
  });

  test("is not needed for a flag that has its value behind an equals sign", async () => {
    expect(eventsOf(await firebreak(["verify", "--json=true", "--archive", "/no/such"]))).toHaveLength(1);
  });
});
