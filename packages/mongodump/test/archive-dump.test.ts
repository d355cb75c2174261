import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { BSON } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { worded } from "@firebreak/testing/command-line/worded";
import { folder } from "@firebreak/testing/archives/folder";
import { openDump } from "../src/open-dump.ts";
import {
  archiveBytes,
  archivePieces,
  documentsOf,
  ending,
  entry,
  segment,
  TERMINATOR,
  type ArchivePieces,
} from "@firebreak/testing/dumps/archive-bytes";
import { fixturePath, lacksFixture, whyNoFixture } from "@firebreak/testing/dumps/fixture";
import { readDump, type ReadCollection } from "@firebreak/testing/dumps/read-dump";
import { SMALL } from "@firebreak/testing/dumps/small-dump";

let place: Awaited<ReturnType<typeof folder>>;
beforeAll(async () => {
  place = await folder();
});
afterAll(() => place[Symbol.asyncDispose]());

let fileCount = 0;
async function fileOf(bytes: Buffer): Promise<string> {
  const file = join(place.path, `${fileCount++}.archive`);
  await writeFile(file, bytes);
  return file;
}

const all = { include: [], exclude: [] };
const named = (name: string): ReadCollection => SMALL.find((c) => c.collection === name)!;
const pieces = archivePieces(SMALL);
/** Two collections in turns, for what depends on their order. */
const [things, upper] = [named("things"), named("upper")];
const two: ArchivePieces = archivePieces([things, upper]);

async function readingOf(bytes: Buffer): Promise<unknown> {
  return readDump(await fileOf(bytes)).catch((error: unknown) => error);
}

const damage = (reason: string): object => ({
  code: "dump-damaged",
  exitCode: 5,
  fields: { reason: worded(expect.stringContaining(reason)) },
});

describe("an archive file", () => {
  test("is taken apart into its collections, with and without gzip", async () => {
    expect(await readDump(await fileOf(archiveBytes(pieces)))).toEqual(SMALL);
    expect(await readDump(await fileOf(gzipSync(archiveBytes(pieces))))).toEqual(SMALL);
  });

  test("is read as far as the globs go, in one go", async () => {
    const file = await fileOf(archiveBytes(pieces));
    expect(await readDump(file, ["*.many", "*.things"])).toEqual([things, named("many")]);
    const dump = await openDump(file, all);
    expect(dump.readingGroups(["small.many", "small.upper"])).toEqual([["small.many", "small.upper"]]);
    expect(dump.readingGroups([])).toEqual([]);
  });

  test("yields a collection's documents in any number of batches, the last marked as such", async () => {
    const dump = await openDump(await fileOf(archiveBytes(two)), all);
    const batches: unknown[] = [];
    for await (const { namespace, documents, isLast } of dump.read(["other.things", "small.upper"]))
      batches.push([namespace, documents.length, isLast]);
    expect(batches).toEqual([
      ["other.things", 2, false],
      ["small.upper", 1, false],
      ["other.things", 1, false],
      ["small.upper", 0, true],
      ["other.things", 0, true],
    ]);
  });

  test("tells of its server", async () => {
    expect((await openDump(await fileOf(archiveBytes(pieces)), all)).serverVersion).toBe("6.0.5");
  });

  test("has people's collections in admin, and says that users and roles are left out; an oplog is no collection", async () => {
    const oplog = { ...things, database: "", collection: "oplog" };
    const users = { ...things, database: "admin", collection: "system.users" };
    const roles = { ...things, database: "small", collection: "$admin.system.roles" };
    const kept = { ...things, database: "admin", namespace: "admin.things" };
    const bytes = archivePieces([oplog, users, roles, kept, things]);
    const file = await fileOf(archiveBytes(bytes));
    expect(await readDump(file)).toEqual([kept, things]);
    const dump = await openDump(file, all);
    expect(dump.remarks).toEqual([]);
    expect(dump.oplog?.path).toBe(file);
    const entries: string[] = [];
    for await (const some of dump.oplog!.entries()) entries.push(...some.map((e) => e.toString("hex")));
    expect(entries).toEqual(oplog.documents);
    expect(dump.leftOut).toEqual([
      { reason: "access", namespaces: ["admin.system.users", "small.$admin.system.roles"], include: [] },
    ]);
  });

  test("may have a collection without metadata, which is remarked on", async () => {
    const file = await fileOf(archiveBytes({ ...two, entries: [entry(things, ""), two.entries[1]!] }));
    expect(await readDump(file)).toEqual([{ ...things, indexTexts: [] }, upper]);
    expect((await openDump(file, all)).remarks).toEqual([
      { code: "dump-undescribed", fields: { namespaces: ["other.things"] } },
    ]);
  });

  test("may have buckets under the collection's own name, as of newer servers", async () => {
    const series = named("series");
    const plain = { ...series, kind: "collection" as const };
    const bytes = archiveBytes({ ...archivePieces([series]), segments: archivePieces([plain]).segments });
    expect(await readingOf(bytes)).toEqual([series]);
  });
});

describe("an archive file that is damaged", () => {
  test("by being cut short says so, wherever that is", async () => {
    const bytes = archiveBytes(two);
    for (let end = 4; end < bytes.length; end++)
      expect([end, await readingOf(bytes.subarray(0, end))]).toMatchObject([end, damage("it ends")]);
  });

  test("by being cut between two segments names the collection that is not complete", async () => {
    const bytes = archiveBytes({ ...two, segments: two.segments.slice(0, -1) });
    expect(await readingOf(bytes)).toMatchObject({
      fields: { offset: bytes.length, reason: worded("it ends before other.things is complete") },
    });
  });

  test("as a gzip file by being cut short says so", async () => {
    const bytes = gzipSync(archiveBytes(two));
    for (let end = 20; end < bytes.length; end += 13)
      expect(await readingOf(bytes.subarray(0, end))).toMatchObject({ code: "dump-damaged" });
  });

  test("in a byte of a document has another sum than it says", async () => {
    const bytes = archiveBytes(two);
    const at = bytes.indexOf(documentsOf(things)[1]!);
    bytes[at + 20]! ^= 1;
    expect(await readingOf(bytes)).toMatchObject(damage("the CRC of other.things is"));
  });

  test("in a bit of a sum says so, also of a collection that is not wanted", async () => {
    const bytes = archiveBytes({ ...two, segments: [...two.segments.slice(0, -1), ending(things, 1n)] });
    expect(await readingOf(bytes)).toMatchObject(damage("the CRC of other.things is"));
    const file = await fileOf(bytes);
    await expect(readDump(file, ["small.upper"])).rejects.toMatchObject(damage("the CRC of other.things is"));
  });

  test("by a sum that is missing says so", async () => {
    const header = BSON.serialize({ db: "other", collection: "things", EOF: true });
    const end = Buffer.concat([header, TERMINATOR]);
    expect(
      await readingOf(archiveBytes({ ...two, segments: [...two.segments.slice(0, -1), end] })),
    ).toMatchObject(damage("and undefined was expected"));
  });

  test("by a segment too many or too few says so", async () => {
    const late = segment(upper, documentsOf(upper));
    expect(await readingOf(archiveBytes({ ...two, segments: [...two.segments, late] }))).toMatchObject(
      damage("small.upper goes on after its end"),
    );
    expect(await readingOf(archiveBytes({ ...two, segments: two.segments.slice(1) }))).toMatchObject(
      damage("the CRC of other.things is"),
    );
  });

  test("by documents in the segment that ends a collection says so", async () => {
    const end = ending(things).subarray(0, -TERMINATOR.length);
    const segments = [
      ...two.segments.slice(0, -1),
      Buffer.concat([end, documentsOf(things)[0]!, TERMINATOR]),
    ];
    expect(await readingOf(archiveBytes({ ...two, segments }))).toMatchObject(
      damage("other.things goes on after its end"),
    );
  });

  test("by a collection that its list does not name says so", async () => {
    expect(await readingOf(archiveBytes({ ...two, entries: two.entries.slice(0, 1) }))).toMatchObject(
      damage("it has documents of small.upper, which its list does not name"),
    );
  });

  test("by terminators where there should be none, or garbage behind its end, says so", async () => {
    expect(await readingOf(archiveBytes({ ...two, segments: [TERMINATOR, ...two.segments] }))).toMatchObject(
      damage("a terminator stands in place of a segment's header"),
    );
    expect(await readingOf(Buffer.concat([pieces.magic, TERMINATOR]))).toMatchObject(
      damage("a terminator stands in place of the header"),
    );
    const garbage = Buffer.concat([archiveBytes(two), Buffer.from("garbage")]);
    expect(await readingOf(garbage)).toMatchObject({
      fields: { offset: archiveBytes(two).length, reason: worded(expect.stringContaining("is no length")) },
    });
  });

  test("in a header that is not BSON says so", async () => {
    const wrong = Buffer.from([9, 0, 0, 0, 0x63, 1, 2, 3, 0]);
    expect(await readingOf(archiveBytes({ ...two, entries: [wrong] }))).toMatchObject(damage("is not BSON"));
    expect(await readingOf(archiveBytes({ ...two, segments: [wrong] }))).toMatchObject(damage("is not BSON"));
  });

  test("in a database's name is refused", async () => {
    const bytes = archiveBytes(archivePieces([{ ...things, database: "../up" }]));
    expect(await readingOf(bytes)).toMatchObject({
      code: "dump-database-name",
      fields: { database: "../up" },
    });
  });

  test("in a collection's metadata names the collection", async () => {
    const file = await fileOf(archiveBytes({ ...two, entries: [entry(things, "{"), two.entries[1]!] }));
    await expect(readDump(file)).rejects.toMatchObject({
      code: "dump-metadata",
      fields: { file, namespace: "other.things" },
    });
    expect(await readDump(file, ["small.*"])).toEqual([upper]);
  });
});

test("a file that is no archive is not taken for one", async () => {
  const contents = [
    Buffer.alloc(0),
    Buffer.from("6de2", "hex"),
    Buffer.from("not a dump at all"),
    documentsOf(things)[0]!,
    gzipSync("not a dump at all"),
  ];
  for (const content of contents) {
    const file = await fileOf(content);
    await expect(openDump(file, all)).rejects.toMatchObject({
      code: "dump-foreign",
      exitCode: 5,
      fields: { path: file },
    });
  }
});

describe.skipIf(lacksFixture)(`mongodump's own archive${whyNoFixture}`, () => {
  test("with any of its sums changed is refused", async () => {
    const bytes = await readFile(fixturePath("fixture.archive"));
    const name = Buffer.from("\x12CRC\0", "latin1");
    let sumCount = 0;
    for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1)) {
      const sum = bytes.subarray(at + name.length, at + name.length + 8);
      if (sum.every((byte) => byte === 0)) continue;
      sumCount++;
      sum[sumCount % 8]! ^= 0x10;
      expect(await readingOf(bytes)).toMatchObject(damage("the CRC of fixture."));
      sum[sumCount % 8]! ^= 0x10;
    }
    // One for each of 17 collections but the view and the empty one.
    expect(sumCount).toBe(15);
  });
});
