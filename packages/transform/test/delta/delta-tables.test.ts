// @module-tag slow
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { readMysqlManifest, writeManifest, type MysqlTable } from "@firebreak/archive";
import fc from "fast-check";
import { expect, test } from "vitest";
import { writeArchive } from "@firebreak/testing/archives/write-archive";
import { well } from "@firebreak/testing/recipes/outcome";
import { folder } from "@firebreak/testing/archives/folder";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { writeDelta, type CollectionChange } from "@firebreak/testing/deltas/write-delta";

const key = (id: number): string => `{"_id":{"$numberInt":"${id}"}}`;
const line = (id: number, text: string): string =>
  `{"_id":{"$numberInt":"${id}"},"n":{"$numberInt":"${text.length}"},"s":${JSON.stringify(text)}}`;
const named = (name: string): string => `{"_id":"${name}","n":{"$numberInt":"1"}}`;

async function full(archive: string, lines: readonly string[]): Promise<void> {
  await mkdir(archive, { recursive: true });
  await writeArchive(archive, [{ collection: "c", parts: [lines.slice(0, 3), lines.slice(3)] }]);
}

async function tableOf(archive: string, name = "c"): Promise<MysqlTable | undefined> {
  return (await readMysqlManifest(join(archive, "mysql"))).manifest.tables.find((t) => t.table === name);
}

async function textOf(archive: string, file: string): Promise<string> {
  return zstdDecompressSync(await readFile(join(archive, "mysql", file))).toString();
}

/** A full archive in `full`, transformed, and a delta of it in `delta`. */
async function pair(path: string, lines: readonly string[], changes: readonly CollectionChange[]) {
  const [base, delta] = [join(path, "full"), join(path, "delta")];
  await full(base, lines);
  await well(transformed(base));
  await writeDelta(delta, base, changes);
  return { base, delta };
}

/** The same, now and then with what no column takes. */
const stray = (id: number, text: string): string => {
  const more = ["", ',"odd":{"$regularExpression":{"pattern":"a","options":""}}', ',"odd":null', ',"":true'];
  return `${line(id, text).slice(0, -1)}${more[(id + text.length) % more.length]}}`;
};

// Its text makes the column 32 characters long, of which longer ones that come make more.
const ANCHOR = line(1000, "x".repeat(14));
const edit = fc.record({
  upserts: fc.dictionary(fc.integer({ min: 0, max: 12 }).map(String), fc.string({ maxLength: 60 })),
  deletes: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 5 }),
});

test("after any deltas the digest and what is in _extra are those of a full transform of what is there then", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
      await using place = await folder();
      const state = new Map(Array.from({ length: 8 }, (_, id) => [id, stray(id, `old ${id}`)]));
      let previous = join(place.path, "full");
      await full(previous, [...state.values(), ANCHOR]);
      await well(transformed(previous));
      for (const [i, { upserts, deletes }] of edits.entries()) {
        const gone = deletes.filter((id) => upserts[id] === undefined);
        const lines = Object.entries(upserts).map(
          ([id, text]) => [Number(id), stray(Number(id), text)] as const,
        );
        for (const [id, text] of lines) state.set(id, text);
        for (const id of gone) state.delete(id);
        const delta = join(place.path, `delta-${i}`);
        await writeDelta(delta, previous, [
          {
            collection: "c",
            change: "changed",
            upserts: lines.map(([, text]) => text),
            deletes: gone.map(key),
          },
        ]);
        await well(transformed(delta));
        previous = delta;
      }
      const now = join(place.path, "now");
      await full(now, [...state.values(), ANCHOR]);
      await well(transformed(now));
      const [found, expected] = [await tableOf(previous), await tableOf(now)];
      expect(found?.digest).toEqual(expected?.digest);
      expect(found?.extra).toEqual(expected?.extra);
    }),
    { numRuns: Number(process.env["FIREBREAK_DELTA_RUNS"] ?? 3) },
  );
});

test("a field or value without a column goes to _extra; keys name all that is touched, also what was never there", async () => {
  await using place = await folder();
  const { delta } = await pair(
    place.path,
    [line(1, "a"), line(2, "b")],
    [
      {
        collection: "c",
        change: "changed",
        upserts: [`{"_id":{"$numberInt":"1"},"new":true,"s":{"$numberInt":"7"}}`],
        deletes: [key(2), key(9)],
      },
    ],
  );
  await well(transformed(delta));
  const table = (await tableOf(delta))!;
  expect(table).toMatchObject({ change: "changed", digest: { rowCount: 1 } });
  expect(table.alter).toBeUndefined();
  const row = await textOf(delta, table.parts[0]!.file);
  expect(row).toContain(`"{""new"":true,""s"":{""$numberInt"":""7""}}"`);
  expect((await Promise.all(table.keys!.map((k) => textOf(delta, k.file)))).join("")).toBe('"1"\n"2"\n"9"\n');
});

test("values in _extra are counted of the whole table and of the rows that come; where the link before did not count, of these alone", async () => {
  await using place = await folder();
  const text = (id: number): string => `{"_id":{"$numberInt":"${id}"},"n":"seven"}`;
  const { base, delta } = await pair(
    place.path,
    [1, 2, 3, 4].map((id) => line(id, "a")).concat(text(5), text(6), text(7)),
    [{ collection: "c", change: "changed", upserts: [line(5, "b"), text(1)], deletes: [key(6)] }],
  );
  const counted = (values: number) => [{ column: "n", reason: "kind-string", values }];
  expect(await tableOf(base)).toMatchObject({ extra: counted(3) });
  const made = await transformed(delta);
  expect(made.accounts).toMatchObject([{ tables: [{ rows: 2, extra: counted(1) }] }]);
  expect(await tableOf(delta)).toMatchObject({ extra: counted(2), partsExtra: counted(1) });
  const next = join(place.path, "next");
  await writeDelta(next, delta, [{ collection: "c", change: "changed", deletes: [key(1), key(7)] }]);
  await well(transformed(next));
  expect(await tableOf(next)).toMatchObject({ extra: [], partsExtra: [] });

  await forgetExtra(base);
  await well(transformed(delta));
  const table = (await tableOf(delta))!;
  expect([table.extra, table.partsExtra]).toEqual([undefined, counted(1)]);
});

/** Makes the manifest of a transform one of a version that did not count. */
async function forgetExtra(archive: string): Promise<void> {
  const { manifest } = await readMysqlManifest(join(archive, "mysql"));
  const tables = manifest.tables.map((table) => ({ ...table, extra: undefined }));
  await writeManifest(join(archive, "mysql"), { ...manifest, tables });
}

test("a key longer than its column makes the column wider, and a later delta goes on from there", async () => {
  await using place = await folder();
  const long = "k".repeat(40);
  const { delta } = await pair(
    place.path,
    [named("a")],
    [{ collection: "c", change: "changed", upserts: [named(long)] }],
  );
  await well(transformed(delta));
  const table = (await tableOf(delta))!;
  expect(table.alter).toEqual([
    "ALTER TABLE `c` MODIFY COLUMN `_id` VARCHAR(64) NOT NULL COMMENT 'firebreak: string'",
  ]);
  expect(table.columns[0]).toMatchObject({ name: "_id", sqlType: "varchar(64)" });
  const next = join(place.path, "next");
  await writeDelta(next, delta, [{ collection: "c", change: "changed", deletes: [`{"_id":"${long}"}`] }]);
  await well(transformed(next));
  expect(await tableOf(next)).toMatchObject({ digest: { rowCount: 1 } });
  expect((await tableOf(next))?.alter).toBeUndefined();
});

test("keys of another kind than the column's are in quarantine, and the account and a note say why", async () => {
  await using place = await folder();
  const { delta } = await pair(
    place.path,
    [line(1, "a")],
    [{ collection: "c", change: "changed", upserts: [named("a"), line(2, "b")] }],
  );
  const ended = await transformed(delta);
  expect(ended.ending, ended.text).toBe("short");
  expect(ended.text).toContain("  1 with an _id of another type than the column _id (key-other-type)");
  expect(ended.text).toContain("1 document is in quarantine");
  expect(await tableOf(delta)).toMatchObject({ digest: { rowCount: 2 } });
});

test("of documents with one key in a delta the later go to quarantine", async () => {
  await using place = await folder();
  const { delta } = await pair(
    place.path,
    [line(1, "a")],
    [{ collection: "c", change: "changed", upserts: [line(1, "b"), line(1, "c")] }],
  );
  expect((await transformed(delta)).ending).toBe("short");
  const { manifest } = await readMysqlManifest(join(delta, "mysql"));
  expect(manifest.namespaces).toMatchObject([{ mappedCount: 1, quarantinedCount: 1 }]);
  expect(manifest.tables).toMatchObject([{ digest: { rowCount: 1 } }]);
});

test("expired documents stay where that is asked for, and the digest says so", async () => {
  await using place = await folder();
  const { delta } = await pair(
    place.path,
    [line(1, "a"), line(2, "b")],
    [{ collection: "c", change: "changed", deletes: [key(1)], expired: [key(2)] }],
  );
  await well(transformed(delta, { keepsExpired: true }));
  expect(await tableOf(delta)).toMatchObject({ digest: { rowCount: 1 } });
  await well(transformed(delta));
  expect(await tableOf(delta)).toMatchObject({ digest: { rowCount: 0, laneA: "0", laneB: "0" } });
});

test("what is new or whole is planned as ever, what is dropped has nothing, and the rest is as it was", async () => {
  await using place = await folder();
  const { base, delta } = await pair(
    place.path,
    [line(1, "a")],
    [{ collection: "new", change: "whole", upserts: [named("a"), named("b")] }],
  );
  await well(transformed(delta));
  expect(await tableOf(delta, "new")).toMatchObject({ change: "whole", digest: { rowCount: 2 } });
  const table = (await tableOf(delta))!;
  expect(table).toMatchObject({ digest: (await tableOf(base))!.digest, parts: [] });
  expect(table.change).toBeUndefined();
  const next = join(place.path, "next");
  await writeDelta(next, delta, [{ collection: "c", change: "dropped" }]);
  await well(transformed(next));
  expect(await tableOf(next)).toMatchObject({ change: "dropped", digest: { rowCount: 0 } });
});

test("what was made of the link before must be there and whole", async () => {
  await using place = await folder();
  const { base, delta } = await pair(
    place.path,
    [line(1, "a"), line(2, "b")],
    [{ collection: "c", change: "changed", deletes: [key(1)] }],
  );
  const { file } = (await tableOf(base))!.parts[0]!;
  const content = await readFile(join(base, "mysql", file));
  await writeFile(join(base, "mysql", file), content.subarray(0, content.length - 6));
  const damaged = await transformed(delta);
  expect(damaged.ending, damaged.text).toBe("part-undecodable");
  expect(damaged.text).toContain(file);
  await rm(join(base, "mysql"), { recursive: true });
  const missing = await transformed(delta);
  expect(missing.ending, missing.text).toBe("link-not-made");
  expect(missing.text).toContain(`${base} was not transformed for MySQL`);
});
