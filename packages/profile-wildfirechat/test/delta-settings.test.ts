import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Binary, Int32, Long } from "bson";
import { expect, test } from "vitest";
import {
  DELTA_FORMAT_VERSION,
  listFolder,
  readMysqlManifest,
  readSourceManifest,
  writeManifest,
} from "@firebreak/archive";
import type { CommandEvent } from "../../cli/src/command.ts";
import { transformCommand } from "../../cli/src/commands/transform.ts";
import { english } from "../../cli/src/messages/en/english.ts";
import { PROFILES } from "../../cli/src/profiles.ts";
import { Settings } from "../../cli/src/settings.ts";
import type { Flags } from "../../cli/src/flags.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { told } from "@firebreak/testing/archives/transformed";
import { COMMUNITY_FACTS } from "../src/target/community-facts.ts";
import { firstMessageId } from "../src/documents/message-id.ts";
import { writeHybridArchive } from "./support/hybrid-archive.ts";

/** 04:00 on 1 March in Shanghai. */
const SENT_MS = Date.UTC(2025, 1, 28, 20);

/** Messages whose time stands under another name. */
const documents = [1, 2, 3].map((number) => ({
  collection: "t_messages_2",
  document: {
    _id: Long.fromBigInt(firstMessageId(SENT_MS) + BigInt(number)),
    _from: "ada",
    _type: new Int32(0),
    _target: "bob",
    _line: new Int32(0),
    _data: new Binary(Uint8Array.of(8, 1)),
    _searchable_key: "",
    _time: new Date(SENT_MS),
    _content_type: new Int32(1),
    _to: "",
  },
}));

const command = transformCommand(PROFILES);

/** Runs the command in this process. */
function transform(flags: Flags): Promise<CommandEvent[]> {
  const events = command.run(
    new Settings(command, flags, {}),
    () => Promise.resolve(false),
    undefined,
    english,
  );
  return told(events);
}

/** A delta in which nothing has changed. */
async function emptyDelta(archive: string, base: string): Promise<void> {
  const { manifest } = await readSourceManifest(base);
  const { sha256 } = await listFolder(base, "firebreak-archive");
  await mkdir(archive);
  await writeManifest(archive, {
    ...manifest,
    formatVersion: DELTA_FORMAT_VERSION,
    delta: { baseSha256: sha256, chainSha256: sha256, number: 1, by: "comparison" },
    namespaces: [],
  });
}

test("a delta is transformed with its chain's settings, and another value is refused before any work", async () => {
  await using place = await folder();
  const [full, delta, site] = ["full", "delta", "site"].map((name) => join(place.path, name)) as [
    string,
    string,
    string,
  ];
  const names = join(place.path, "names.json");
  await writeFile(names, '{ "messages": { "dt": "_time" } }');
  await mkdir(site);
  await writeFile(join(site, "wildfirechat.conf"), "mongodb.database wfchat\n");
  await writeFile(join(site, "c3p0-config.xml"), "jdbc:mysql://h/d?serverTimezone=GMT+8");
  await writeHybridArchive(full, documents);
  const options = ["zone=Asia/Shanghai", "sessionTimezone=UTC", `fields=${names}`];
  await transform({ archive: full, profile: "wildfirechat", site, "profile-option": options });
  await emptyDelta(delta, full);
  await rm(names);
  await rm(site, { recursive: true });

  const events = await transform({ archive: delta });
  expect(events).toContainEqual(expect.objectContaining({ kind: "note", code: "profile-of-chain" }));
  const [before, after] = await Promise.all(
    [full, delta].map(async (archive) => (await readMysqlManifest(join(archive, "mysql"))).manifest),
  );
  expect(after!.profile).toBe("wildfirechat");
  // The horizon of the retention moves on with the time.
  const valuesOf = ({ profileFacts }: typeof before & {}): unknown =>
    profileFacts!.decisions.flatMap(({ setting, value }) =>
      setting === "retention" ? [] : [[setting, value]],
    );
  expect(valuesOf(after!)).toEqual(valuesOf(before!));
  expect(after!.profileFacts!.settings).toEqual(before!.profileFacts!.settings);
  // The rows are what they were: the time was found under its other name.
  expect(after!.tables.flatMap((t) => t.parts)).toEqual([]);
  expect(after!.tables.map((t) => t.digest)).toEqual(before!.tables.map((t) => t.digest));

  // Neither could the chain be made one archive now.
  await rename(join(full, "source"), join(place.path, "elsewhere"));
  await expect(transform({ archive: delta, "profile-option": ["zone=UTC"] })).rejects.toMatchObject({
    code: "profile-chain-conflict",
  });
  await expect(transform({ archive: delta, profile: "generic" })).rejects.toMatchObject({
    code: "delta-profile",
    fields: { profile: "wildfirechat" },
  });
  await rm(join(full, "mysql"), { recursive: true });
  await expect(transform({ archive: delta })).rejects.toMatchObject({ code: "link-not-made" });
});

test("facts of the target that differ from the chain's map the whole chain again, and that is said", async () => {
  await using place = await folder();
  const [full, delta, facts] = ["full", "delta", "facts.json"].map((name) => join(place.path, name)) as [
    string,
    string,
    string,
  ];
  await writeHybridArchive(
    full,
    documents.map(({ collection, document: { _time, ...rest } }) => ({
      collection,
      document: { ...rest, _dt: _time },
    })),
  );
  const options = ["zone=Asia/Shanghai", "sessionTimezone=UTC"];
  await transform({ archive: full, profile: "wildfirechat", "profile-option": options });
  await emptyDelta(delta, full);
  const quick = await transform({ archive: delta });
  expect(quick).not.toContainEqual(expect.objectContaining({ code: "delta-by-whole" }));

  const wider = COMMUNITY_FACTS.shapes.map((shape) => ({
    ...shape,
    columns: shape.columns.map((c) => (c.name === "_from" ? { ...c, characters: 70 } : c)),
  }));
  await writeFile(facts, JSON.stringify({ ...COMMUNITY_FACTS, shapes: wider }));
  const whole = await transform({ archive: delta, "target-facts": facts });
  expect(whole).toContainEqual(
    expect.objectContaining({
      code: "delta-by-whole",
      fields: { archive: delta, reason: "other-plan" },
    }),
  );
  const { manifest } = await readMysqlManifest(join(delta, "mysql"));
  expect(manifest.lineIndex).toBeUndefined();
  expect(manifest.namespaces.map((n) => n.lineCount)).toEqual([documents.length]);

  // Another version may have mapped lines otherwise.
  const made = await readMysqlManifest(join(full, "mysql"));
  const run = { ...made.manifest.run, firebreak: "0.0.1" };
  await writeManifest(join(full, "mysql"), { ...made.manifest, run });
  expect(await transform({ archive: delta })).toContainEqual(
    expect.objectContaining({ code: "delta-by-whole", fields: { archive: delta, reason: "other-version" } }),
  );
});
