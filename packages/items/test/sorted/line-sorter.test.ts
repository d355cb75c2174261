import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GatheredLines, LineSorter, type SortedLine } from "../../src/index.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "firebreak-lines-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const BLOCK_BYTES = 1 << 20;
const HEAD_BYTES = 9;

const lineOf = (key: string, mark = 0, line = ""): SortedLine => ({
  key: Buffer.from(key, "latin1"),
  mark,
  line: Buffer.from(line, "latin1"),
});

const textOf = ({ key, mark, line }: SortedLine): [string, number, string] => [
  key.toString("latin1"),
  mark,
  line.toString("latin1"),
];

async function all(lines: Iterable<SortedLine> | AsyncIterable<SortedLine>): Promise<SortedLine[]> {
  const found: SortedLine[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

test("lines come in the order of their keys and marks, those of both alike as they were added", () => {
  const lines = fc.array(
    fc.tuple(
      fc.string({ unit: "binary-ascii", maxLength: 3 }),
      fc.integer({ min: 0, max: 255 }),
      fc.string(),
    ),
  );
  fc.assert(
    fc.property(lines, (added) => {
      const gathered = new GatheredLines();
      for (const [key, mark, line] of added)
        gathered.add(lineOf(key, mark, Buffer.from(line).toString("latin1")));
      const sorted = added
        .map(([key, mark, line]) => lineOf(key, mark, Buffer.from(line).toString("latin1")))
        .toSorted((a, b) => Buffer.compare(a.key, b.key) || a.mark - b.mark);
      expect([...gathered.sorted()].map(textOf)).toEqual(sorted.map(textOf));
      expect([...gathered.sorted()].map(textOf)).toEqual(sorted.map(textOf));
      expect(gathered.count).toBe(added.length);
    }),
  );
});

test.each([
  ["a byte less than a block", -1],
  ["a block", 0],
  ["a byte more than a block", 1],
])("a line of %s is kept whole among others", (_, more) => {
  const gathered = new GatheredLines();
  const large = "x".repeat(BLOCK_BYTES - HEAD_BYTES - 1 + more);
  const lines = [
    lineOf("c", 0, "small"),
    lineOf("b", 0, large),
    lineOf("a", 0, large),
    lineOf("d", 0, "last"),
  ];
  for (const line of lines) gathered.add(line);
  expect([...gathered.sorted()].map(({ line }) => line.toString())).toEqual([large, large, "small", "last"]);
  gathered.clear();
  expect(gathered).toMatchObject({ count: 0, bytes: 0 });
  expect([...gathered.sorted()]).toEqual([]);
});

test("blocks that are used again hold the new lines and no others", () => {
  const gathered = new GatheredLines();
  const sizes = [
    BLOCK_BYTES - HEAD_BYTES - 1,
    100,
    BLOCK_BYTES,
    2 * BLOCK_BYTES,
    BLOCK_BYTES - HEAD_BYTES - 1,
  ];
  for (const text of ["x", "y", "z"]) {
    for (const [i, size] of sizes.entries())
      gathered.add(lineOf(String(sizes.length - i), 0, text.repeat(size)));
    expect([...gathered.sorted()].map(({ line }) => [line[0], line.at(-1), line.length])).toEqual(
      sizes.toReversed().map((size) => [text.charCodeAt(0), text.charCodeAt(0), size]),
    );
    gathered.restart();
    expect(gathered).toMatchObject({ count: 0, bytes: 0 });
  }
});

test("a buffer that is used again changes no line that was added", () => {
  const gathered = new GatheredLines();
  const bytes = Buffer.from("a");
  gathered.add({ key: bytes, mark: 0, line: bytes });
  bytes[0] = 0x62;
  expect([...gathered.sorted()].map(textOf)).toEqual([["a", 0, "a"]]);
});

test.each([-1, 0, 1])("lines go to the disk when they fill a run (%i bytes more than that)", async (more) => {
  const line = lineOf("key", 0, "x".repeat(87));
  const gathered = new GatheredLines();
  for (let i = 0; i < 10; i++) gathered.add(line);
  const sorter = new LineSorter(join(folder, "runs"), gathered.bytes - more);
  for (let i = 0; i < 10; i++) await sorter.add(line);
  expect(await readdir(folder)).toEqual(more < 0 ? [] : ["runs"]);
  expect((await all(await sorter.sorted())).map(textOf)).toEqual(Array(10).fill(textOf(line)));
  await sorter.close();
  expect(await readdir(folder)).toEqual([]);
});

test("more runs than are read at once come out sorted, as often as they are asked for", async () => {
  const sorter = new LineSorter(join(folder, "runs"), 200);
  const keys = Array.from({ length: 600 }, (_, i) => String((i * 7919) % 600).padStart(4, "0"));
  for (const key of keys) await sorter.add(lineOf(key, 0, `line ${key}`));
  for (let time = 0; time < 2; time++)
    expect((await all(await sorter.sorted())).map(textOf)).toEqual(
      keys.toSorted().map((key) => [key, 0, `line ${key}`]),
    );
  await sorter.close();
});

test.each([-1, 0, 1])(
  "few lines go to another thread by themselves, and more in a file (%i)",
  async (more) => {
    const probe = new GatheredLines();
    probe.add(lineOf("a", 0, ""));
    const [sorter, other] = [new LineSorter(join(folder, "one")), new LineSorter(join(folder, "two"))];
    await sorter.add(lineOf("b", 1, "small"));
    await sorter.add(lineOf("a", 0, "x".repeat(64 * 1024 - 2 * probe.bytes - "small".length + more)));
    const sealed = structuredClone(await sorter.seal());
    expect([sealed.lines.length, sealed.runs.length]).toEqual(more > 0 ? [0, 1] : [2, 0]);
    await other.add(lineOf("a", 1, "own"));
    await other.adopt(sealed);
    expect(other.count).toBe(3);
    const lines = (await all(await other.sorted())).map(({ line }) => line.toString());
    expect(lines.map((line) => line.slice(0, 5))).toEqual(["xxxxx", "own", "small"]);
    await other.close();
  },
);
