// @module-tag slow
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readSourceManifest, SourceLines } from "@firebreak/archive";
import {
  chatSite,
  chatSiteSizes,
  type Fate,
  type SiteDocument,
  type SiteRow,
} from "../../../fixtures/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { firebreak, type Ended } from "@firebreak/testing/command-line/firebreak";
import { COMMUNITY_FACTS } from "../src/target/community-facts.ts";
import { DATABASE, writeHybridArchive, type DocumentPlace } from "./support/hybrid-archive.ts";
import { expectedRow, listedLines, madeManifest, madeRows, rowsOfPart } from "./support/made-rows.ts";

/** A document, where it stands in the archive, and what must become of it. */
type Placed = DocumentPlace & Pick<SiteDocument, "collection" | "fate">;

interface Journey {
  readonly archive: string;
  readonly ended: Ended;
  readonly placed: readonly Placed[];
}

const options = { seed: 7, messageCount: chatSiteSizes.S };

/** The community layout with room for both uids in a message's `_target`, and rows that have both. */
const pairFacts = {
  ...COMMUNITY_FACTS,
  database: "im",
  privateTargets: { plain: 2, pair: 998 },
  zones: { global: "SYSTEM", system: "UTC" },
  shapes: COMMUNITY_FACTS.shapes.map((shape) => ({
    ...shape,
    columns: shape.columns.map((c) => (c.name === "_target" ? { ...c, characters: 129 } : c)),
  })),
};

async function journey(
  parent: string,
  jvmZone: "UTC" | "Asia/Shanghai",
  form: "plain" | "pair",
  args: readonly string[],
): Promise<Journey> {
  const archive = join(parent, "archive");
  const site = chatSite({ ...options, jvmZone });
  const all: SiteDocument[] = [...site.hybridMessages(form), ...site.hybridUserMessages()];
  const moments = [...site.moments()].map((document) => ({ collection: "moments", document }));
  const places = await writeHybridArchive(archive, [...all, ...moments]);
  const placed = all.map(({ collection, fate }, i) => ({ collection, fate, ...places[i]! }));
  const ended = await firebreak(["transform", "--archive", archive, "--profile", "wildfirechat", ...args]);
  return { archive, ended, placed };
}

/** Rows that must be made, in no order. */
function rowsOf(placed: readonly Placed[]): string[] {
  return placed.flatMap(({ fate }) =>
    fate.kind === "carried" || fate.kind === "moved" ? [expectedRow(fate.place, fate.result)] : [],
  );
}

function countOf(placed: readonly Placed[], kind: Fate<SiteRow>["kind"]): number {
  return placed.filter(({ fate }) => fate.kind === kind).length;
}

describe.each([
  ["Asia/Shanghai", "plain"],
  ["UTC", "pair"],
] as const)("a hybrid of size S, its JVM in %s, private chats %s", (jvmZone, form) => {
  let done: Journey;
  let place: Awaited<ReturnType<typeof folder>>;

  beforeAll(async () => {
    place = await folder();
    const facts = join(place.path, "facts.json");
    await writeFile(facts, JSON.stringify(pairFacts));
    const known = form === "plain" ? ["--profile-option", "sessionTimezone=UTC"] : ["--target-facts", facts];
    done = await journey(place.path, jvmZone, form, known);
    return () => place[Symbol.asyncDispose]();
  });

  test("becomes the rows that its log says, each in its table, column by column", async () => {
    const { archive, ended, placed } = done;
    expect(ended.exitCode, ended.output).toBe(3);
    const found = (await madeRows(archive, await madeManifest(archive))).toSorted();
    const expected = rowsOf(placed).toSorted();
    const differing = expected.map((row, i) => [row, found[i]]).filter(([a, b]) => a !== b);
    expect(differing.slice(0, 3)).toEqual([]);
    expect(found.length).toBe(expected.length);
    expect(found.length).toBeGreaterThan(100_000);
  });

  test("every document that makes no row is in quarantine with its reason, or listed with its rule", async () => {
    const { archive, placed } = done;
    const { namespaces } = await madeManifest(archive);
    const quarantine = await listedLines(
      archive,
      namespaces.flatMap((n) => n.quarantine),
    );
    const listed = await listedLines(
      archive,
      namespaces.flatMap((n) => n.listed ?? []),
    );
    const expected = placed.flatMap(({ part, line, fate }) =>
      fate.kind === "quarantine" ? [`${part} ${line} ${fate.reason} ${fate.field}`] : [],
    );
    expect(
      quarantine.map((q) => `${q["part"]} ${q["line"]} ${q["reason"]} ${q["field"]}`).toSorted(),
    ).toEqual(expected.toSorted());
    expect(new Set(quarantine.map((q) => q["reason"])).size).toBeGreaterThan(10);
    for (const [kind, rule] of [
      ["skipped", "retention"],
      ["collapsed", "collapsed"],
      ["moved", "moved"],
    ] as const) {
      const lines = listed.filter((l) => l["rule"] === rule).map((l) => `${l["part"]} ${l["line"]}`);
      const wanted = placed.filter(({ fate }) => fate.kind === kind).map((p) => `${p.part} ${p.line}`);
      expect(lines.toSorted(), rule).toEqual(wanted.toSorted());
      expect(lines.length, rule).toBeGreaterThan(5);
    }
  });

  test("of every row its document is found again: behind lines that made none, and where it was moved", async () => {
    const { archive, placed } = done;
    const rowOfLine = new Map(
      placed.flatMap(({ part, line, collection, fate }) =>
        "result" in fate
          ? [[`${DATABASE}.${collection} ${part} ${line}`, expectedRow(fate.place, fate.result)]]
          : [],
      ),
    );
    const made = await madeManifest(archive);
    const source = (await readSourceManifest(archive)).manifest;
    const wrong: string[] = [];
    let movedCount = 0;
    const looked = made.tables.filter((_, i) => i % 8 === 0);
    for (const table of looked)
      for (const { file } of table.parts) {
        const at = { namespace: table.namespace, name: table.table, file };
        const lines = await SourceLines.open(join(archive, "mysql"), { source, made }, at);
        for (const [i, row] of (await rowsOfPart(archive, table, file)).entries()) {
          const { namespace, part, line } = lines.of(i + 1);
          if (rowOfLine.get(`${namespace} ${part} ${line}`) !== row) wrong.push(`${file} ${i + 1}`);
          if (namespace !== table.namespace) movedCount++;
        }
      }
    expect(wrong.slice(0, 3)).toEqual([]);
    const names = new Set(looked.map((t) => t.table));
    const moved = placed.filter(({ fate }) => fate.kind === "moved" && names.has(fate.place));
    expect(movedCount).toBe(moved.length);
    expect(movedCount).toBeGreaterThan(5);
  });

  test("every line is accounted for, and every table is the server's own", async () => {
    const { archive, placed } = done;
    const { namespaces, tables, target, profile, files } = await madeManifest(archive);
    for (const n of namespaces)
      expect(n.mappedCount + n.quarantinedCount + n.skippedCount + n.collapsedCount, n.namespace).toBe(
        n.lineCount,
      );
    const sum = (count: (n: (typeof namespaces)[number]) => number): number =>
      namespaces.reduce((a, n) => a + count(n), 0);
    expect(sum((n) => n.lineCount)).toBe(placed.length);
    expect(sum((n) => n.skippedCount)).toBe(countOf(placed, "skipped"));
    expect(sum((n) => n.collapsedCount)).toBe(countOf(placed, "collapsed"));
    expect(sum((n) => n.quarantinedCount)).toBe(countOf(placed, "quarantine"));
    expect(tables.length).toBe(36 + 128);
    expect(tables.every((t) => t.isGiven && t.createTable === "" && t.indexes.length === 0)).toBe(true);
    expect(tables[0]).toMatchObject({ table: "t_messages_0", keyColumns: ["_mid"] });
    expect(tables[36]).toMatchObject({ keyColumns: [], logicalKey: ["_uid", "_seq"] });
    expect(target?.shapes.length).toBe(2);
    expect(profile).toBe("wildfirechat");
    const scripts = await Promise.all(files.map((f) => readFile(join(archive, "mysql", f.file), "utf8")));
    expect(scripts.length).toBe(3);
    for (const script of scripts) expect(script).not.toMatch(/\b(CREATE|ALTER|DROP|TRUNCATE)\b/);
    expect(scripts[2]!.match(/^empty "\$database"/gm)?.length).toBe(tables.length);
  });

  test("what was decided is told with its evidence, and what stays where it is", async () => {
    const { archive, ended } = done;
    const { profileFacts } = await madeManifest(archive);
    const decided = Object.fromEntries(profileFacts!.decisions.map((d) => [d.setting, d]));
    expect(decided["zone"]).toMatchObject({ value: jvmZone, by: "rows" });
    expect(decided["zone"]!.evidence!.tellingCount).toBeGreaterThan(100);
    expect(decided["privateTarget"]).toMatchObject({
      value: form,
      by: form === "plain" ? "default" : "facts",
    });
    expect(decided["serverTimezone"]).toMatchObject({ value: "GMT+8", by: "default" });
    expect(decided["sessionTimezone"]).toMatchObject({
      value: "UTC",
      by: form === "plain" ? "option" : "facts",
    });
    expect(decided["retention"]!.value).toBe("3y-1d, from 2023-11-21T04:00:00.000Z");
    expect(profileFacts!.staying).toEqual([{ namespace: `${DATABASE}.moments`, lineCount: 50 }]);
    expect(profileFacts!.remarks["userMessages"]).toMatchObject({ "message-absent": expect.any(Number) });
    expect(ended.output).toMatch(/zone = .*\(by the messages' places\); of [\d,]+ that can tell/);
    expect(ended.output).toMatch(/encrypted \(XOR-ed\) bodies: [\d,]+/);
    expect(ended.output).toMatch(/plain bodies: [\d,]+/);
    expect(ended.output).toMatch(/older than MySQL keeps, left out: [\d,]+/);
    expect(ended.output).toMatch(/bytes-too-long _data: [\d,]+/);
    expect(ended.output).toMatch(/of no message \(orphans\): [\d,]+/);
    expect(ended.output).toMatch(/Stays where it is, and is needed there: wfchat.moments \(50\)/);
  });

  test("its archive passes verify", async () => {
    const ended = await firebreak(["verify", "--archive", done.archive]);
    // Sound, and some documents are in quarantine.
    expect(ended.exitCode, ended.output).toBe(3);
  });
});
