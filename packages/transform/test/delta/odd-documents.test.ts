import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { readMysqlManifest, type MysqlManifest } from "@firebreak/archive";
import type { TransformEvent } from "@firebreak/transform";
import { expect, test } from "vitest";
import { writeArchive } from "@firebreak/testing/archives/write-archive";
import { folder } from "@firebreak/testing/archives/folder";
import { transformed } from "@firebreak/testing/archives/transformed";
import { writeDelta, type CollectionChange } from "@firebreak/testing/deltas/write-delta";

const MIB = 1 << 20;

const int = (n: number): string => `{"$numberInt":"${n}"}`;
const long = (n: string): string => `{"$numberLong":"${n}"}`;
const line = (id: string, text: string): string => `{"_id":${id},"s":${JSON.stringify(text)}}`;
const key = (id: string): string => `{"_id":${id}}`;
/** A line of so many bytes. */
const lineOfBytes = (id: string, bytes: number): string => line(id, "x".repeat(bytes - line(id, "").length));

/** The archives of one chain in a folder, each transformed as it is written. */
class Chain {
  readonly #folder: string;
  readonly #archives: string[] = [];
  events: readonly TransformEvent[] = [];

  constructor(path: string) {
    this.#folder = path;
  }

  async full(collections: Readonly<Record<string, readonly string[]>>): Promise<MysqlManifest> {
    const archive = join(this.#folder, "full");
    await mkdir(archive, { recursive: true });
    await writeArchive(
      archive,
      Object.entries(collections).map(([collection, lines]) => ({ collection, parts: [lines] })),
    );
    return this.#transformed(archive);
  }

  async delta(...changes: readonly Omit<CollectionChange, "change">[]): Promise<MysqlManifest> {
    const archive = join(this.#folder, `delta-${this.#archives.length}`);
    await writeDelta(
      archive,
      this.#archives.at(-1)!,
      changes.map((c) => ({ ...c, change: "changed" })),
    );
    return this.#transformed(archive);
  }

  async #transformed(archive: string): Promise<MysqlManifest> {
    this.events = await transformed(archive);
    this.#archives.push(archive);
    return (await readMysqlManifest(join(archive, "mysql"))).manifest;
  }

  /** What the newest link has in quarantine. */
  async quarantine({ namespaces }: MysqlManifest): Promise<{ reason: string; document: string }[]> {
    const found: { reason: string; document: string }[] = [];
    for (const { file } of namespaces.flatMap((n) => n.quarantine)) {
      const content = zstdDecompressSync(await readFile(join(this.#archives.at(-1)!, "mysql", file)));
      for (const text of content.toString().split("\n").slice(0, -1))
        found.push(JSON.parse(text) as { reason: string; document: string });
    }
    return found;
  }

  /** The rows of a table's keys, as the newest link has them. */
  async keys(manifest: MysqlManifest, table: string): Promise<string> {
    const { keys = [] } = tableOf(manifest, table);
    const files = keys.map((k) => readFile(join(this.#archives.at(-1)!, "mysql", k.file)));
    return (await Promise.all(files)).map((content) => zstdDecompressSync(content).toString()).join("");
  }
}

function tableOf({ tables }: MysqlManifest, name: string): MysqlManifest["tables"][number] {
  return tables.find((t) => t.table === name)!;
}

/** A chain, and a place for another. */
async function chain(): Promise<AsyncDisposable & { readonly chain: Chain; readonly other: Chain }> {
  const place = await folder();
  return {
    chain: new Chain(join(place.path, "chain")),
    other: new Chain(join(place.path, "other")),
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
}

test("a document whose _id is of another type goes to quarantine, and all else of the delta is applied", async () => {
  await using place = await chain();
  const { chain: made, other } = place;
  await made.full({ things: [line(int(1), "a"), line(int(2), "b")], other: [line(int(1), "o")] });
  const manifest = await made.delta(
    { collection: "things", upserts: [line('"seed-admin"', "x"), line(int(3), "c")], deletes: [key(int(1))] },
    { collection: "other", upserts: [line(int(1), "p")] },
  );
  expect(await made.quarantine(manifest)).toMatchObject([
    { reason: "key-other-type", field: "_id", line: 1, document: line('"seed-admin"', "x") },
  ]);
  expect(made.events).toContainEqual({
    kind: "note",
    code: "delta-set-aside",
    fields: {
      namespace: "db.things",
      table: "things",
      reasons: [{ reason: "key-other-type", count: 1 }],
    },
  });
  expect(await made.keys(manifest, "things")).toBe('"3"\n"1"\n');
  const whole = await other.full({
    things: [line(int(2), "b"), line(int(3), "c")],
    other: [line(int(1), "p")],
  });
  for (const table of ["things", "other"])
    expect(tableOf(manifest, table).digest).toEqual(tableOf(whole, table).digest);
});

test("later deltas may replace, delete and bring again what is in quarantine", async () => {
  await using place = await chain();
  const { chain: made } = place;
  const { digest } = tableOf(await made.full({ c: [line(int(1), "a")] }), "c");
  await made.delta({ collection: "c", upserts: [line('"odd"', "x")] });
  const replaced = await made.delta({ collection: "c", upserts: [line('"odd"', "y")] });
  expect(await made.quarantine(replaced)).toMatchObject([{ document: line('"odd"', "y") }]);
  const deleted = await made.delta({ collection: "c", deletes: [key('"odd"')] });
  expect(deleted.namespaces).toMatchObject([{ quarantinedCount: 0 }]);
  expect(await made.keys(deleted, "c")).toBe("");
  expect(tableOf(deleted, "c").digest).toEqual(digest);
});

test("integers of 64 bits widen the key's column beside an _id of another type", async () => {
  await using place = await chain();
  const { chain: made } = place;
  await made.full({ c: [line(int(1), "a")] });
  const manifest = await made.delta({
    collection: "c",
    upserts: [line('"x"', "x"), line(long("5000000000"), "b")],
  });
  expect(tableOf(manifest, "c")).toMatchObject({
    digest: { rowCount: 2 },
    columns: [{ name: "_id", sqlType: "bigint" }, {}, {}],
  });
  expect(tableOf(manifest, "c").alter).toHaveLength(1);
});

const text = (length: number): string => JSON.stringify("k".repeat(length));

test.each([
  ["text", [text(5)], text, [767, 768, 769]],
  // Canonical Extended JSON has the quotes too.
  ["the text of keys of several types", [text(5), int(1)], text, [765, 766, 767]],
  [
    "bytes",
    ['{"$binary":{"base64":"AAAA","subType":"00"}}'],
    (n: number) => `{"$binary":{"base64":"${Buffer.alloc(n, n).toString("base64")}","subType":"00"}}`,
    [3071, 3072, 3073],
  ],
] as const)(
  "a key of %s that no key column has room for is the only one in quarantine",
  async (_, known, keyOf, lengths) => {
    await using place = await chain();
    const { chain: made } = place;
    await made.full({ c: known.map((id) => line(id, "a")) });
    const manifest = await made.delta({
      collection: "c",
      upserts: lengths.map((n) => line(keyOf(n), "x")),
      deletes: [key(keyOf(lengths[2] + 1))],
    });
    expect(await made.quarantine(manifest)).toMatchObject([
      { reason: "key-too-long", document: line(keyOf(lengths[2]), "x") },
    ]);
    expect(tableOf(manifest, "c").digest.rowCount).toBe(known.length + 2);
    // No row can have the key of one that is too long.
    expect((await made.keys(manifest, "c")).split("\n")).toHaveLength(3);
  },
);

test("lines from 4 MiB on go to quarantine where the table was made for shorter ones, and shorter ones do not", async () => {
  await using place = await chain();
  const { chain: made, other } = place;
  const [below, at, above] = [4 * MIB - 1, 4 * MIB, 4 * MIB + 1];
  // It makes a column that has room for all of them: as their own cells they are hashed.
  const longest = lineOfBytes(int(9), MIB);
  await made.full({ c: [line(int(1), "a"), line(int(2), "b"), longest] });
  const manifest = await made.delta({
    collection: "c",
    upserts: [lineOfBytes(int(1), below), lineOfBytes(int(2), at), lineOfBytes(int(3), above)],
  });
  const found = await made.quarantine(manifest);
  expect(found.map(({ reason, document }) => [reason, document.length])).toEqual([
    ["row-too-long", at],
    ["row-too-long", above],
  ]);
  expect(found).toMatchObject([{ field: "s" }, { field: "s" }]);
  // What the table had of the second is not what it is now.
  const whole = await other.full({ c: [lineOfBytes(int(1), below), longest] });
  expect(tableOf(manifest, "c")).toMatchObject({ rowEncoding: "values", digest: tableOf(whole, "c").digest });
  const again = await made.delta({
    collection: "c",
    upserts: [line(int(2), "b")],
    deletes: [key(int(1)), key(int(3))],
  });
  expect(again.namespaces).toMatchObject([{ quarantinedCount: 0 }]);
  const short = await other.full({ c: [line(int(2), "b"), longest] });
  expect(tableOf(again, "c").digest).toEqual(tableOf(short, "c").digest);
});

test("a table that was made for long lines takes more of them", async () => {
  await using place = await chain();
  const { chain: made } = place;
  await made.full({ c: [lineOfBytes(int(1), 4 * MIB)] });
  const manifest = await made.delta({ collection: "c", upserts: [lineOfBytes(int(2), 4 * MIB + 1)] });
  expect(manifest.namespaces).toMatchObject([{ mappedCount: 1, quarantinedCount: 0 }]);
  expect(tableOf(manifest, "c")).toMatchObject({ rowEncoding: "value-hashes", digest: { rowCount: 2 } });
});
