import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ItemReader, PlacedPart } from "@firebreak/items";
import { DeltaKeys, Superseded } from "../../src/delta/superseding-keys.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "firebreak-superseding-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Stands for a part of keys: its file is their list. */
const partOf = (keys: readonly number[]): PlacedPart =>
  ({ folder: "", part: { file: JSON.stringify(keys) } }) as unknown as PlacedPart;

const keys = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 12 });

test("a row goes with the first link behind its own that names its key", async () => {
  await fc.assert(
    fc.asyncProperty(
      keys,
      fc.array(fc.array(keys, { maxLength: 2 }), { maxLength: 5 }),
      async (touched, deltas) => {
        let readCount = 0;
        const reader: ItemReader<never> = {
          items: async function* () {},
          keys: async function* ({ part }) {
            readCount++;
            yield (JSON.parse(part.file) as number[]).map(String);
          },
        };
        // The full archive is the first link, and has no keys.
        const links = [[], ...deltas];
        const superseding = new DeltaKeys(join(folder, "keys"));
        const linkOf = (own: readonly (readonly number[])[]) => ({
          reader,
          parts: [],
          keys: own.map(partOf),
        });
        const sealed = await superseding.seal(linkOf([touched]), links.map(linkOf));
        for (const number of links.keys()) {
          const superseded = new Superseded(sealed, number);
          const between = links.slice(number + 1).flat(2);
          for (let key = 0; key <= 30; key++)
            expect(superseded.has(String(key))).toBe(touched.includes(key) && !between.includes(key));
          await superseded.close();
        }
        expect(readCount).toBe(1 + deltas.flat().length);
        await superseding.close();
      },
    ),
    { numRuns: 40 },
  );
  expect(await readdir(folder)).toEqual([]);
});
