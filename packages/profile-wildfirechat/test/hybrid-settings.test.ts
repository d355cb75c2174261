import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Binary, Int32, Long, type Document } from "bson";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { eventsOf, firebreak, type Ended } from "@firebreak/testing/command-line/firebreak";
import { COMMUNITY_FACTS } from "../src/target/community-facts.ts";
import { CANDIDATE_ZONES } from "../src/settings/detect.ts";
import { firstMessageId } from "../src/documents/message-id.ts";
import { writeHybridArchive } from "./support/hybrid-archive.ts";
import { listedLines, madeManifest, madeRows } from "./support/made-rows.ts";
import type { ChatTargetFacts } from "../src/target/target-facts.ts";

/** 04:00 on 1 March in Shanghai, and 20:00 on 28 February in UTC: its table tells the zone. */
const BORDER_MS = Date.UTC(2025, 1, 28, 20);
const MARCH_2025 = "t_messages_2";
const FEBRUARY_2025 = "t_messages_1";

function message(number: number, change: Document = {}): Document {
  return {
    _id: Long.fromBigInt(firstMessageId(BORDER_MS) + BigInt(number)),
    _from: "ada",
    _type: new Int32(0),
    _target: "ada|bob",
    _line: new Int32(0),
    _data: new Binary(Uint8Array.of(8, 1)),
    _searchable_key: "",
    _dt: new Date(BORDER_MS),
    _content_type: new Int32(1),
    _to: "",
    ...change,
  };
}

interface Recipe {
  readonly documents?: readonly { readonly collection: string; readonly document: Document }[];
  readonly facts?: unknown;
  readonly site?: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
  readonly args?: readonly string[];
  readonly database?: string;
}

const inMarch = [1, 2, 3].map((number) => ({ collection: MARCH_2025, document: message(number) }));

async function transformed(parent: string, recipe: Recipe): Promise<Ended & { readonly archive: string }> {
  const { documents = inMarch, facts, site, options = ["sessionTimezone=UTC"], args = [] } = recipe;
  const archive = join(parent, "archive");
  await writeHybridArchive(
    archive,
    documents,
    recipe.database === undefined ? {} : { database: recipe.database },
  );
  const given = options.flatMap((option) => ["--profile-option", option]);
  if (facts !== undefined) {
    await writeFile(join(parent, "facts.json"), JSON.stringify(facts));
    given.push("--target-facts", join(parent, "facts.json"));
  }
  if (site !== undefined) {
    await mkdir(join(parent, "site", "config"), { recursive: true });
    for (const [name, text] of Object.entries(site)) await writeFile(join(parent, "site", name), text);
    given.push("--site", join(parent, "site"));
  }
  const ended = await firebreak([
    "transform",
    "--archive",
    archive,
    "--profile",
    "wildfirechat",
    ...given,
    ...args,
  ]);
  return { ...ended, archive };
}

/** The community's tables with one column changed, or another beside it. */
function factsWith(
  change: (shape: ChatTargetFacts["shapes"][number]) => ChatTargetFacts["shapes"][number],
): ChatTargetFacts {
  return { ...COMMUNITY_FACTS, database: "im", shapes: COMMUNITY_FACTS.shapes.map(change) };
}

const evidenceFor = (candidate: string, other: string) => ({
  sampleCount: 100,
  tellingCount: 100,
  candidates: [
    { candidate, agreeCount: 100 },
    { candidate: other, agreeCount: 0 },
  ],
  telling: [
    { candidate, agreeCount: 100 },
    { candidate: other, agreeCount: 0 },
  ],
});

const evidenceForNone = {
  sampleCount: 100,
  tellingCount: 0,
  candidates: CANDIDATE_ZONES.map((candidate) => ({ candidate, agreeCount: 0 })),
  telling: CANDIDATE_ZONES.map((candidate) => ({ candidate, agreeCount: 0 })),
};

const url = (zone: string): string =>
  `<c3p0-config><property name="jdbcUrl">jdbc:mysql://h/wfchat?serverTimezone=${zone}</property></c3p0-config>`;

describe("transform refuses before it writes", () => {
  test.each<[string, Recipe, number, RegExp]>([
    [
      "a JVM's zone that the messages' places speak against",
      { options: ["zone=UTC", "sessionTimezone=UTC"] },
      6,
      /zone \(given\) is UTC, and what is there says otherwise: of 3 that can tell, among 3, 3 agree with Asia\/Shanghai, 0 agree with UTC/,
    ],
    [
      "a JVM's zone that no message tells",
      {
        documents: [
          {
            collection: MARCH_2025,
            document: message(1, { _id: Long.fromBigInt(firstMessageId(BORDER_MS + 86_400_000)) }),
          },
        ],
      },
      6,
      /Nothing says for certain what zone is: of 1 looked at none can tell\.[\s\S]*--profile-option zone=/,
    ],
    [
      "messages whose places tell two zones",
      {
        documents: [...inMarch, ...[4, 5].map((n) => ({ collection: FEBRUARY_2025, document: message(n) }))],
      },
      6,
      /Nothing says for certain what zone is: of 5 that can tell/,
    ],
    [
      "a session's zone that nobody names",
      { options: [] },
      6,
      /what sessionTimezone is\.[\s\S]*inspect --target-facts/,
    ],
    [
      "a serverTimezone that the target's rows speak against",
      {
        facts: { ...COMMUNITY_FACTS, evidence: { jdbc: evidenceFor("UTC", "Asia/Shanghai") } },
        options: ["sessionTimezone=UTC", "serverTimezone=GMT+8"],
      },
      6,
      /serverTimezone \(given\) is GMT\+8, and what is there says otherwise/,
    ],
    [
      "the default serverTimezone where the target's rows are of none that was tried",
      { facts: { ...COMMUNITY_FACTS, evidence: { jdbc: evidenceForNone } } },
      6,
      /serverTimezone \(the default\) is GMT\+8, and what is there says otherwise: of 100 looked at none can tell; 100 agree with none/,
    ],
    [
      "a wide and empty _target, which says nothing of private chats",
      {
        facts: factsWith((s) => ({
          ...s,
          columns: s.columns.map((c) => (c.name === "_target" ? { ...c, characters: 129 } : c)),
        })),
      },
      6,
      /what privateTarget is: of 0 looked at none can tell\.[\s\S]*privateTarget=plain/,
    ],
    [
      "a privateTarget that the target's rows speak against",
      {
        facts: { ...COMMUNITY_FACTS, privateTargets: { plain: 3, pair: 997 } },
        options: ["sessionTimezone=UTC", "privateTarget=plain"],
      },
      6,
      /privateTarget \(given\) is plain.* 997 agree with pair/,
    ],
    [
      "a target without flyway_schema_history",
      { facts: { ...COMMUNITY_FACTS, flywayVersion: null } },
      6,
      /no flyway_schema_history: the chat server would start there as if it were new/,
    ],
    [
      "a target that lacks a table",
      {
        facts: {
          ...COMMUNITY_FACTS,
          shapes: COMMUNITY_FACTS.shapes.map((s) => ({ ...s, tables: s.tables.slice(1) })),
        },
      },
      6,
      /t_messages_0 is missing[\s\S]*t_user_messages_0 is missing/,
    ],
    [
      "a target that lacks a column of old",
      {
        facts: factsWith((s) => ({
          ...s,
          columns: s.columns.filter((c) => c.name !== "_line" && c.name !== "_data"),
        })),
      },
      6,
      /t_messages_0\._data is missing[\s\S]*The same holds for \d+ more: t_messages_1 … /,
    ],
    [
      "a column that nothing can fill",
      {
        facts: factsWith((s) => ({
          ...s,
          columns: [...s.columns, { ...s.columns[1]!, name: "_tenant" }],
        })),
      },
      6,
      /t_messages_0\._tenant wants a value, has no default/,
    ],
    [
      "a column of a type that it does not know",
      {
        facts: factsWith((s) => ({
          ...s,
          columns: s.columns.map((c) => (c.name === "_dt" ? { ...c, type: "datetime(3)" } : c)),
        })),
      },
      6,
      /t_messages_0\._dt is of type datetime\(3\)/,
    ],
    [
      "an archive without messages",
      { documents: [{ collection: "moments", document: { a: 1 } }] },
      6,
      /no collection of messages \(t_messages_N, t_user_messages_N\)/,
    ],
    [
      "an archive without the database that the site names",
      { site: { "wildfirechat.conf": "mongodb.database other\n" } },
      6,
      /no collection of messages \(t_messages_N, t_user_messages_N\) in database other/,
    ],
    ["a zone that is several", { options: ["zone=CST"] }, 2, /CST is no one time zone/],
    ["an option that there is not", { options: ["zones=UTC"] }, 2, /--profile-option zones=UTC is not known/],
    [
      "a facts file that is none",
      { facts: { format: "else" } },
      2,
      /file of --target-facts is not what it should be/,
    ],
    [
      "a site with two zones",
      { site: { "c3p0-config.xml": url("UTC") + url("GMT%2B8") } },
      2,
      /urls of the site name several zones: UTC, GMT\+8/,
    ],
    ["a site without its files", { site: {} }, 2, /neither wildfirechat\.conf nor c3p0-config\.xml/],
    [
      "a mapping file that is not there",
      { options: ["fields=/nowhere/fields.json"] },
      2,
      /\/nowhere\/fields\.json cannot be read/,
    ],
    ["MongoDB as the target of MongoDB", { args: ["--to", "mongodb"] }, 2, /needs no transform/],
  ])("%s", async (_, recipe, exitCode, said) => {
    await using place = await folder();
    const ended = await transformed(place.path, recipe);
    expect(ended.output).toMatch(said);
    expect(ended.exitCode, ended.output).toBe(exitCode);
    const left = await readdir(join(ended.archive, "mysql")).catch(() => []);
    expect(left.filter((name) => name !== "transform.lock")).toEqual([]);
  });

  test("a profile's flags without the profile", async () => {
    const ended = await firebreak(["transform", "--profile-option", "zone=UTC"]);
    expect([ended.exitCode, ended.output]).toEqual([2, expect.stringContaining("--profile wildfirechat")]);
  });
});

test("without a word on the profile nothing is made of a chat server's messages, by load neither", async () => {
  await using place = await folder();
  const entry = { _id: 1, _uid: "bob", _mid: message(1)["_id"] as Long, _seq: Long.fromNumber(1) };
  const archive = join(place.path, "archive");
  await writeHybridArchive(archive, [...inMarch, { collection: "t_user_messages_81", document: entry }]);
  const url = ["--mysql-url", "mysql://127.0.0.1:1/im"];
  for (const args of [["transform"], ["load", ...url]]) {
    const ended = await firebreak([...args, "--archive", archive]);
    expect([ended.exitCode, ended.output]).toEqual([6, expect.stringContaining("--profile wildfirechat")]);
    expect(await readdir(archive)).not.toContain("mysql");
  }
  const generic = await firebreak(["transform", "--archive", archive, "--profile", "generic"]);
  expect(generic.exitCode, generic.output).toBe(0);
});

test("the site's own files say the JDBC zone, and a mapping file what fields are called", async () => {
  await using place = await folder();
  const fields = join(place.path, "fields.json");
  await writeFile(fields, JSON.stringify({ messages: { dt: "when", ignored: ["_edited"] } }));
  const document: Document = { ...message(1), when: new Date(BORDER_MS), _edited: true };
  delete document["_dt"];
  const ended = await transformed(place.path, {
    documents: [{ collection: MARCH_2025, document }],
    site: { "config/c3p0-config.xml": url("America/New_York") },
    options: ["sessionTimezone=UTC", `fields=${fields}`],
  });
  expect(ended.exitCode, ended.output).toBe(0);
  const manifest = await madeManifest(ended.archive);
  expect(await madeRows(ended.archive, manifest)).toEqual([
    expect.stringContaining('["_dt","2025-02-28 15:00:00"]'),
  ]);
  expect(manifest.profileFacts!.decisions.find((d) => d.setting === "serverTimezone")).toEqual({
    setting: "serverTimezone",
    value: "America/New_York",
    by: "site",
  });
  expect(manifest.profileFacts!.remarks["messages"]).toMatchObject({ "field-ignored": 1 });
});

test("a site with several zones, or none that is one, is taken where a person says the right one", async () => {
  await using place = await folder();
  const ended = await transformed(place.path, {
    site: { "config/c3p0-config.xml": url("CST") + url("UTC") },
    options: ["sessionTimezone=UTC", "serverTimezone=GMT+8"],
  });
  expect(ended.exitCode, ended.output).toBe(0);
});

test("a document that text cannot say is in quarantine", async () => {
  await using place = await folder();
  const odd = { ...message(2), _searchable_key: new Map([["$oid", "65e000000000000000000001"]]) };
  const ended = await transformed(place.path, {
    documents: [...inMarch.slice(0, 1), { collection: MARCH_2025, document: odd }],
  });
  expect(ended.exitCode, ended.output).toBe(3);
  const { namespaces } = await madeManifest(ended.archive);
  const quarantine = await listedLines(
    ended.archive,
    namespaces.flatMap((n) => n.quarantine),
  );
  expect(quarantine).toMatchObject([{ line: 2, reason: "document-malformed" }]);
});

test("messages of one id that differ lend nothing to users' rows, and equal copies lend what they say", async () => {
  await using place = await folder();
  const mid = (number: number): Long => message(number)["_id"] as Long;
  const user = (number: number): Document => ({
    _mid: mid(number),
    _uid: "bob",
    _seq: Long.fromNumber(number),
    _createTime: new Date(BORDER_MS),
  });
  const documents = [
    { collection: MARCH_2025, document: message(1) },
    { collection: MARCH_2025, document: message(2) },
    { collection: "t_messages_3", document: message(2) },
    { collection: MARCH_2025, document: message(3) },
    { collection: "t_messages_3", document: message(3, { _type: new Int32(4) }) },
    ...[1, 2, 3, 4].map((n) => ({ collection: "t_user_messages_81", document: user(n) })),
  ];
  const ended = await transformed(place.path, {
    documents,
    options: ["zone=Asia/Shanghai", "sessionTimezone=UTC"],
  });
  expect(ended.exitCode, ended.output).toBe(3);
  const { namespaces, profileFacts } = await madeManifest(ended.archive);
  const quarantine = await listedLines(
    ended.archive,
    namespaces.flatMap((n) => n.quarantine),
  );
  expect(quarantine.map((q) => `${q["namespace"]} ${q["line"]} ${q["reason"]}`).toSorted()).toEqual([
    "wfchat.t_messages_2 3 key-conflict",
    "wfchat.t_messages_3 2 key-conflict",
    "wfchat.t_user_messages_81 3 message-missing",
    "wfchat.t_user_messages_81 4 message-missing",
  ]);
  expect(profileFacts!.remarks["messages"]).toMatchObject({ collapsed: 1 });
  expect(profileFacts!.remarks["userMessages"]).toMatchObject({ "taken-from-message": 2 });
});

test("where all is in MongoDB other collections go over by the generic mapping, and nothing stays", async () => {
  await using place = await folder();
  const settings = { _id: "title", value: "a chat" };
  const documents = [...inMarch, { collection: "t_settings", document: settings }];
  const hybrid = await transformed(join(place.path, "hybrid"), { documents });
  const whole = await transformed(join(place.path, "whole"), {
    documents,
    options: ["sessionTimezone=UTC", "scheme=mongodb"],
  });
  expect([hybrid.exitCode, whole.exitCode], whole.output).toEqual([0, 0]);
  const [stays, goes] = [await madeManifest(hybrid.archive), await madeManifest(whole.archive)];
  expect(stays.profileFacts!.staying).toEqual([{ namespace: "wfchat.t_settings", lineCount: 1 }]);
  expect(stays.tables.every((t) => t.isGiven)).toBe(true);
  expect(goes.profileFacts!.staying).toEqual([]);
  const made = goes.tables.filter((t) => t.isGiven === undefined);
  expect(made).toMatchObject([{ table: "t_settings", digest: { rowCount: 1 } }]);
  expect(made[0]!.createTable).toMatch(/^CREATE TABLE/);
  expect(await madeRows(whole.archive, goes)).toContainEqual(expect.stringMatching(/^t_settings .*"a chat"/));
  const verified = await firebreak(["verify", "--archive", whole.archive]);
  expect(verified.exitCode, verified.output).toBe(0);
});

test("with --json the report is an event, and the summary accounts for every collection", async () => {
  await using place = await folder();
  const ended = await transformed(place.path, { args: ["--json"] });
  const events = eventsOf(ended);
  expect(events.find((e) => e["code"] === "profile-report")).toMatchObject({
    fields: {
      profile: "wildfirechat",
      decisions: expect.arrayContaining([expect.objectContaining({ setting: "zone" })]),
    },
  });
  expect(events.at(-1)).toMatchObject({
    ok: true,
    namespaces: [{ namespace: `wfchat.${MARCH_2025}`, lines: 3, tables: [{ table: MARCH_2025, rows: 3 }] }],
  });
});
