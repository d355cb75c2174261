import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DOCUMENT_KEY, mergeByKey, mergeByPlace, type ChainListing } from "../../src/index.ts";
import { PartWriter, type PartEntry, type SourceNamespace } from "../../../archive/src/index.ts";
import type { MergedLines } from "../../src/chain/merged-lines.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "firebreak-merging-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const keyOf = (id: number): string => `{"_id":{"$numberInt":"${id}"}}`;
const lineOf = (id: number, text: string): string => `{"_id":{"$numberInt":"${id}"},"t":"${text}"}`;
const reading = { identities: undefined, keyFields: DOCUMENT_KEY, count: () => undefined };
/** The order of the numbers, which is not that of the bytes of key lines. */
const orderOf = (keyLine: string): string => /"(\d+)"/.exec(keyLine)![1]!.padStart(10, "0");

interface Link {
  readonly upserts: readonly number[];
  readonly deletes: readonly number[];
  readonly expired: readonly number[];
}

let written = 0;

async function part(lines: readonly string[]): Promise<PartEntry[]> {
  if (lines.length === 0) return [];
  const file = `${written++}.ndjson.zst`;
  const writer = await PartWriter.open(join(folder, file));
  await writer.write(Buffer.from(lines.map((line) => `${line}\n`).join(""), "latin1"), lines.length);
  return [{ file, ...(await writer.seal()) }];
}

/** The listings of a chain: the first has the namespace whole, in two parts. */
async function listingsOf(base: readonly number[], links: readonly Link[]): Promise<ChainListing[]> {
  const half = base.length >> 1;
  const lines = base.map((id) => lineOf(id, "base"));
  const whole = [...(await part(lines.slice(0, half))), ...(await part(lines.slice(half)))];
  const listings = [{ folder, entry: { parts: whole } as unknown as SourceNamespace }];
  for (const [i, { upserts, deletes, expired }] of links.entries())
    listings.push({
      folder,
      entry: {
        change: "changed",
        parts: await part(upserts.map((id) => lineOf(id, `link ${i}`)).toSorted()),
        deletes: await part(deletes.map(keyOf).toSorted()),
        expired: await part(expired.map(keyOf).toSorted()),
      } as unknown as SourceNamespace,
    });
  return listings;
}

/** What is there at the end, by the ids in the order in which they came to be there. */
function standing(base: readonly number[], links: readonly Link[]): Map<number, string> {
  const lines = new Map(base.map((id) => [id, lineOf(id, "base")]));
  for (const [i, { upserts, deletes, expired }] of links.entries()) {
    for (const id of [...deletes, ...expired]) lines.delete(id);
    for (const id of upserts) lines.set(id, lineOf(id, `link ${i}`));
  }
  return lines;
}

async function linesOf(merged: MergedLines): Promise<string[]> {
  const times: string[][] = [];
  for (let time = 0; time < 2; time++) {
    const lines: string[] = [];
    await merged.each(({ key, line }) => {
      expect(line.startsWith(key.slice(0, -1))).toBe(true);
      lines.push(Buffer.from(line, "latin1").toString("latin1"));
    });
    times.push(lines);
  }
  expect(times[0]).toEqual(times[1]);
  await merged.close();
  return times[0]!;
}

const ids = fc.uniqueArray(fc.integer({ min: 0, max: 120 }), { maxLength: 40 });
const link = fc.tuple(ids, ids, ids).map(([upserts, deletes, expired]): Link => {
  const gone = deletes.filter((id) => !upserts.includes(id));
  return {
    upserts,
    deletes: gone,
    expired: expired.filter((id) => !upserts.includes(id) && !gone.includes(id)),
  };
});

test("by key, each key's newest line stands where the order of keys has it", async () => {
  await fc.assert(
    fc.asyncProperty(ids, fc.array(link, { maxLength: 3 }), async (base, links) => {
      const sorted = base.toSorted((a, b) => a - b);
      const scratch = join(folder, "scratch");
      await mkdir(scratch, { recursive: true });
      const merged = await mergeByKey(await listingsOf(sorted, links), reading, orderOf, scratch);
      const expected = [...standing(sorted, links)].toSorted(([a], [b]) => a - b).map(([, line]) => line);
      expect(await linesOf(merged)).toEqual(expected);
      expect(await readdir(scratch)).toEqual([]);
    }),
    { numRuns: 8 },
  );
});

test("by place, a later line stands in the place of the first, and new ones behind all others", async () => {
  await fc.assert(
    fc.asyncProperty(ids, fc.array(link, { maxLength: 3 }), async (base, links) => {
      const scratch = join(folder, "scratch");
      await mkdir(scratch, { recursive: true });
      const merged = await mergeByPlace(await listingsOf(base, links), reading, scratch);
      const lines = standing(base, links);
      const placed = base.filter((id) => lines.has(id));
      const fresh = [...lines.keys()].filter((id) => !base.includes(id));
      fresh.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      expect(merged.behindCount).toBe(fresh.length);
      expect(await linesOf(merged)).toEqual([...placed, ...fresh].map((id) => lines.get(id)));
      expect(await readdir(scratch)).toEqual([]);
    }),
    { numRuns: 8 },
  );
});
