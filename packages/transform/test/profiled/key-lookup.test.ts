import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { KeyLookup } from "../../src/profiled/key-lookup.ts";
import { KeyRunWriter, RUN_BLOCK, type KeyRun } from "../../src/profiled/key-run.ts";
import { repeatedHashes } from "../../src/survey/repeated-hashes.ts";

type Entry = readonly [key: bigint, value: string | undefined];

async function runOf(
  path: string,
  number: number,
  entries: readonly Entry[],
  secret?: Uint8Array,
): Promise<KeyRun> {
  const writer = new KeyRunWriter();
  for (const [key, value] of entries) writer.add(key, value);
  return writer.write(join(path, String(number)), number, secret);
}

/** Keys 0, 3, 6 … of several blocks, the last first. */
const manyEntries = Array.from({ length: RUN_BLOCK * 3 + 7 }, (_, i): Entry => [
  BigInt(i * 3),
  `value ${i}`,
]).toReversed();

describe("keys of several parts", () => {
  test.each([undefined, new Uint8Array(32).fill(7)])(
    "are found with their values, and what is between them is not (secret: %j)",
    async (secret) => {
      await using place = await folder();
      const runs = [
        await runOf(place.path, 0, manyEntries, secret),
        await runOf(
          place.path,
          1,
          [
            [-5n, "negative"],
            [4n, "of another part"],
            [2n ** 63n - 1n, "last"],
          ],
          secret,
        ),
      ];
      const lookup = new KeyLookup(runs);
      for (const [key, value] of manyEntries) expect(lookup.find(key)).toEqual([value]);
      expect(lookup.find(4n)).toEqual(["of another part"]);
      expect(lookup.find(-5n)).toEqual(["negative"]);
      expect(lookup.find(2n ** 63n - 1n)).toEqual(["last"]);
      for (const key of [1n, -4n, BigInt(manyEntries.length * 3), -(2n ** 63n)]) {
        expect(lookup.find(key)).toEqual([]);
        expect(lookup.has(key)).toBe(false);
      }
      expect(lookup.has(3n)).toBe(true);
    },
  );

  test("that stand more often than a block is long give every value, equal ones once", async () => {
    await using place = await folder();
    const same = Array.from({ length: RUN_BLOCK * 2 }, (_, i): Entry => [9n, i % 2 === 0 ? "even" : "odd"]);
    const runs = [
      await runOf(place.path, 0, [[1n, "before"], ...same]),
      await runOf(place.path, 1, [[9n, "odd"]]),
    ];
    expect(new KeyLookup(runs).find(9n).toSorted()).toEqual(["even", "odd"]);
    expect(await repeatedHashes(runs.map((run) => run.keysFile))).toEqual(new Set([9n]));
  });

  test("without a value are there and have none, also where no key has one", async () => {
    await using place = await folder();
    const runs = [
      await runOf(place.path, 0, [
        [1n, undefined],
        [2n, "two"],
      ]),
      await runOf(place.path, 1, [[5n, undefined]]),
      await runOf(place.path, 2, []),
    ];
    const lookup = new KeyLookup(runs);
    expect([lookup.has(1n), lookup.has(5n), lookup.has(7n)]).toEqual([true, true, false]);
    expect([lookup.find(1n), lookup.find(2n), lookup.find(5n)]).toEqual([[], ["two"], []]);
    expect(runs[1]!.values).toBe(undefined);
  });

  test("are found whatever they and their values are", async () => {
    await using place = await folder();
    let number = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.string({ minLength: 1, unit: "binary" })),
        ),
        async (entries) => {
          const run = await runOf(place.path, number++, entries, new Uint8Array(32).fill(number));
          const lookup = new KeyLookup([run]);
          for (const [key] of entries) {
            const values = entries.filter(([k]) => k === key).map(([, value]) => value);
            expect(lookup.find(key).toSorted()).toEqual([...new Set(values)].toSorted());
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

test("with a secret no value stands on the disk as it is", async () => {
  await using place = await folder();
  const run = await runOf(place.path, 3, [[1n, "somebody@example.com"]], new Uint8Array(32).fill(1));
  expect((await readFile(run.values!.file)).includes("somebody")).toBe(false);
});
