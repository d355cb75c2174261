import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { BLOCK_LINES, KEY, REFERENCE, type DocumentBlock } from "../../src/line-index/index-block.ts";
import { IndexWriter, putHash, type IndexFiles } from "../../src/line-index/index-writer.ts";
import { coveringIndexes, documentBlocks, indexBlocks, keyBlocks } from "../../src/line-index/open-index.ts";
import type { SurveyedLine } from "../../src/profile.ts";

const LINES: readonly SurveyedLine[] = [
  {},
  { key: 1n },
  { key: -1n, value: "text" },
  { rowKey: 2n ** 63n, reference: { key: -(2n ** 63n), for: "value" } },
  { reference: { key: 7n, for: "presence" } },
  { key: 2n ** 64n - 1n, reference: { key: 0n, for: "age" } },
];

async function written(path: string, count: number): Promise<IndexFiles | undefined> {
  const place = { folder: path, name: "0", suffix: ".zst", recipients: [], lineCount: count };
  const writer = new IndexWriter(place);
  for (let i = 0; i < count; i++)
    writer.add(
      `{"line":${i}}`,
      i % 7 === 0 ? undefined : `{"_id":${i}}`,
      i % 5 === 0 ? undefined : LINES[i % LINES.length],
    );
  return writer.seal();
}

interface Found {
  readonly document: string;
  readonly key: bigint;
  readonly reference: bigint;
  readonly kinds: readonly number[];
}

function expected(i: number): Found {
  const line = i % 5 === 0 ? {} : LINES[i % LINES.length]!;
  const words = new Uint32Array(4);
  putHash(i % 7 === 0 ? undefined : `{"_id":${i}}`, words, 0);
  const kind = line.key !== undefined ? KEY.shared : line.rowKey !== undefined ? KEY.ofRows : KEY.none;
  return {
    document: words.join(),
    key: BigInt.asUintN(64, line.key ?? line.rowKey ?? 0n),
    reference: BigInt.asUintN(64, line.reference?.key ?? 0n),
    kinds: [kind, line.reference === undefined ? REFERENCE.none : REFERENCE[line.reference.for]],
  };
}

/** The keys of so many lines are read as a stream, in pieces that are no whole blocks. */
const STREAMED_LINES = 130_000;

test.each([0, 1, BLOCK_LINES - 1, BLOCK_LINES, BLOCK_LINES + 1, 3 * BLOCK_LINES, STREAMED_LINES])(
  "the index of %i lines comes back",
  async (count) => {
    await using place = await folder();
    const index = await written(place.path, count);
    if (index === undefined) return expect(count).toBe(0);
    const found: Found[] = [];
    const word = (words: Uint32Array, i: number): bigint =>
      (BigInt(words[2 * i + 1]!) << 32n) | BigInt(words[2 * i]!);
    const of = { index, indexFolder: place.path };
    const documents = documentBlocks(of, []);
    for await (const block of keyBlocks(of, [])) {
      const hashes = (await documents.next()).value as DocumentBlock;
      expect(hashes.count).toBe(block.count);
      for (let i = 0; i < block.count; i++)
        found.push({
          document: hashes.documents.subarray(4 * i, 4 * i + 4).join(),
          key: word(block.keys, i),
          reference: word(block.references, i),
          kinds: [block.keyKind(i), block.referenceKind(i)],
        });
    }
    expect((await documents.next()).done).toBe(true);
    expect(found).toEqual(Array.from({ length: count }, (_, i) => expected(i)));
  },
);

test.each(["documents", "keys"] as const)(
  "a file of %s that was changed is refused by its name",
  async (name) => {
    await using place = await folder();
    const index = (await written(place.path, 10))!;
    await writeFile(join(place.path, index[name].file), "garbage");
    const of = { index, indexFolder: place.path };
    const blocks = name === "keys" ? keyBlocks(of, []) : documentBlocks(of, []);
    await expect(blocks.next()).rejects.toMatchObject({
      code: "part-undecodable",
      fields: { file: index[name].file },
    });
  },
);

test.each([
  [10, 11],
  [11, 10],
  [BLOCK_LINES, BLOCK_LINES + 1],
  [BLOCK_LINES + 1, BLOCK_LINES],
])("files of %i and %i lines do not belong together: the error names the one", async (left, right) => {
  await using place = await folder();
  await using other = await folder();
  const index = (await written(place.path, left))!;
  const { keys } = (await written(other.path, right))!;
  await copyFile(join(other.path, keys.file), join(place.path, keys.file));
  const reading = async () => {
    let lines = 0;
    const of = { index: { ...index, keys }, indexFolder: place.path };
    for await (const block of indexBlocks(of, [])) lines += block.keys.count;
    return lines;
  };
  await expect(reading()).rejects.toMatchObject({
    code: "line-unreadable",
    fields: { file: join(place.path, index.documents.file) },
  });
});

const index = (from: number) => ({ from, parts: [], superseded: [], surveys: {} });
test.each([
  ["each link has its own", [0, 1, 2], [0, 1, 2]],
  ["one was made for the whole chain", [undefined, 0, 2], [1, 2]],
  ["the newest was made for the whole chain", [0, undefined, 0], [2]],
  ["a link in the middle has none", [0, undefined, 2], undefined],
  ["the last link has none", [0, 1, undefined], undefined],
  ["the full archive has none", [undefined, 1], undefined],
])("an index covers a chain or not: %s", (_, froms, covering) => {
  const links = froms.map((from, i) => ({
    folder: String(i),
    index: from === undefined ? undefined : index(from),
  }));
  expect(coveringIndexes(links)?.map(({ folder: name }) => Number(name))).toEqual(covering);
});
