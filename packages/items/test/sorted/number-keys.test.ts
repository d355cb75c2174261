import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { KeyStore, NumberKeys, removeRun, repeatedNumbers, type KeyRun } from "../../src/index.ts";
import { entriesOfBlock, NUMBER_BYTES, VALUE_BYTES } from "../../src/sorted/key-run.ts";

const ENTRIES_OF_BLOCK = entriesOfBlock(NUMBER_BYTES + VALUE_BYTES);

type Entry = readonly [number: bigint, text: string | undefined];

/** Writes a file, unless so many entries may stay in memory. */
async function runOf(path: string, name: number, entries: readonly Entry[], few = 0): Promise<KeyRun> {
  const keys = new NumberKeys();
  for (const [number, text] of entries) keys.add(number, text);
  return keys.write(join(path, String(name)), few);
}

/** Numbers 0, 3, 6 … of several blocks, the last first. */
const manyEntries = Array.from({ length: ENTRIES_OF_BLOCK * 3 + 7 }, (_, i): Entry => [
  BigInt(i * 3),
  `value ${i}`,
]).toReversed();

const anyNumber = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n);

describe("numbers of several parts", () => {
  test("are found with their texts, and what is between them is not", async () => {
    await using place = await folder();
    const store = new KeyStore(
      await runOf(place.path, 0, manyEntries),
      await runOf(place.path, 1, [
        [-5n, "negative"],
        [4n, "of another part"],
        [2n ** 63n - 1n, "last"],
      ]),
    );
    for (const [number, text] of manyEntries) expect(store.texts(number)).toEqual([text]);
    expect(store.texts(4n)).toEqual(["of another part"]);
    expect(store.texts(-5n)).toEqual(["negative"]);
    expect(store.texts(2n ** 63n - 1n)).toEqual(["last"]);
    for (const number of [1n, -4n, BigInt(manyEntries.length * 3), -(2n ** 63n)]) {
      expect(store.texts(number)).toEqual([]);
      expect(store.has(number)).toBe(false);
    }
    expect(store.has(3n)).toBe(true);
  });

  test("that stand more often than a block is long give every text, equal ones once", async () => {
    await using place = await folder();
    const same = Array.from({ length: ENTRIES_OF_BLOCK * 2 }, (_, i): Entry => [
      9n,
      i % 2 === 0 ? "even" : "odd",
    ]);
    const runs = [
      await runOf(place.path, 0, [[1n, "before"], ...same]),
      await runOf(place.path, 1, [[9n, "odd"]]),
    ];
    expect(new KeyStore(...runs).texts(9n).toSorted()).toEqual(["even", "odd"]);
    expect(repeatedNumbers(runs)).toEqual(new Set([9n]));
  });

  test("without a text are there and have none, also where no number has one", async () => {
    await using place = await folder();
    const runs = [
      await runOf(place.path, 0, [
        [1n, undefined],
        [2n, "two"],
      ]),
      await runOf(place.path, 1, [[5n, undefined]]),
      await runOf(place.path, 2, []),
    ];
    const store = new KeyStore(...runs);
    expect([store.has(1n), store.has(5n), store.has(7n)]).toEqual([true, true, false]);
    expect([store.texts(1n), store.texts(2n), store.texts(5n)]).toEqual([[], ["two"], []]);
    expect(runs[1]!.textStarts).toBe(undefined);
  });

  test("are found whatever they and their texts are", async () => {
    await using place = await folder();
    let name = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyNumber, fc.string({ minLength: 1, unit: "binary" }))),
        async (entries) => {
          const store = new KeyStore(await runOf(place.path, name++, entries));
          for (const [number] of entries) {
            const texts = entries.filter(([k]) => k === number).map(([, text]) => text);
            expect(store.texts(number).toSorted()).toEqual([...new Set(texts)].toSorted());
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  const inBlock = entriesOfBlock(NUMBER_BYTES);
  test.each([0, 1, inBlock - 1, inBlock, inBlock + 1, 5000])(
    "of which there are %i neighbours are all told apart, however large they are",
    async (count) => {
      await using place = await folder();
      // Neighbours above 2^53 have the same prefix.
      const first = 2n ** 63n + 7n;
      const neighbours = Array.from({ length: count }, (_, i) => first + 2n * BigInt(i));
      const run = await runOf(
        place.path,
        0,
        neighbours.map((n) => [n, undefined]),
      );
      const store = new KeyStore(run);
      expect(neighbours.filter((n) => !store.has(n))).toEqual([]);
      expect(neighbours.filter((n) => store.has(n + 1n) || store.has(n - 1n))).toEqual([]);
      await removeRun(run);
    },
  );
});

test("numbers that are added by their halves are the same", async () => {
  await using place = await folder();
  const keys = new NumberKeys();
  const numbers = Array.from({ length: 5000 }, (_, i) => BigInt.asUintN(64, BigInt(i) * 0x9e3779b97f4a7c15n));
  for (const number of numbers)
    keys.addHalves(new Uint32Array([Number(number & 0xffffffffn), Number(number >> 32n)]));
  const store = new KeyStore(await keys.write(join(place.path, "keys")));
  expect(numbers.filter((number) => !store.has(number))).toEqual([]);
  expect(numbers.filter((number) => store.has(number + 1n))).toEqual([]);
});

test("the numbers that occur more than once are found, however many blocks are in memory", async () => {
  await using place = await folder();
  const number = fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(2n ** 64n - 300n, 2n ** 64n - 1n), anyNumber);
  let name = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(number, { maxLength: 3 * ENTRIES_OF_BLOCK, size: "max" }), { maxLength: 4 }),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      async (parts, blocks, hasTexts) => {
        const runs: KeyRun[] = [];
        for (const part of parts)
          runs.push(
            await runOf(
              place.path,
              name++,
              part.map((n) => [n, hasTexts ? "text" : undefined]),
            ),
          );
        const all = parts.flat().map((n) => BigInt.asUintN(64, n));
        const counts = Map.groupBy(all, (n) => n);
        const repeated = [...counts].filter(([, same]) => same.length > 1).map(([n]) => n);
        expect(repeatedNumbers(runs, blocks)).toEqual(new Set(repeated));
      },
    ),
    { numRuns: 30 },
  );
});

test.each([
  [-1, "memory"],
  [0, "memory"],
  [1, "file"],
] as const)(
  "numbers that are %i more than may stay in memory are in a %s, and are found",
  async (more, kind) => {
    await using place = await folder();
    for (const [name, entries] of [manyEntries, manyEntries.map(([n]): Entry => [n, undefined])].entries()) {
      const run = await runOf(place.path, name, entries, entries.length - more);
      expect(run.kind).toBe(kind);
      const store = new KeyStore(run);
      for (const [number, text] of entries) {
        expect(store.has(number)).toBe(true);
        expect(store.texts(number)).toEqual(text === undefined ? [] : [text]);
      }
      expect(store.has(1n)).toBe(false);
      expect(repeatedNumbers([run, run]).size).toBe(entries.length);
    }
  },
);

test("no text stands on the disk as it is", async () => {
  await using place = await folder();
  const run = await runOf(place.path, 3, [[1n, "somebody@example.com"]]);
  if (run.kind !== "file") throw new Error("the run is in memory");
  expect((await readFile(run.file)).includes("somebody")).toBe(false);
});

test("a file of numbers that became shorter is reported", async () => {
  await using place = await folder();
  const run = await runOf(place.path, 0, manyEntries);
  const other = await runOf(place.path, 1, manyEntries.slice(0, 3));
  if (run.kind !== "file" || other.kind !== "file") throw new Error("the runs are in memory");
  expect(() => new KeyStore({ ...run, file: other.file }).texts(0n)).toThrow("became shorter");
});
