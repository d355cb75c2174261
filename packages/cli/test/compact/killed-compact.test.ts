import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeArchive } from "@firebreak/testing/archives/write-archive";
import { folder } from "@firebreak/testing/archives/folder";
import { killedAt, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { linesOf } from "@firebreak/testing/archives/read-lines";
import { writeDelta } from "@firebreak/testing/deltas/write-delta";

/** Together more than a part of the default size; each fills the buffer that lines are gathered in. */
const LARGE_COUNT = 115;
const LARGE_BYTES = 600_000;
const SMALL_COUNT = 3000;

/** Each in the run after the one before; the larger collection is merged first. */
const POINTS = [
  "part-sealed:1",
  "namespace-merged:1",
  "namespace-noted:1",
  "part-sealed:1",
  "namespace-noted:1",
  "checksums-written:1",
  "manifest-written:1",
];

const key = (n: number): string => `{"_id":{"$numberInt":"${n}"}}`;
const line = (n: number, text: string): string => `{"_id":{"$numberInt":"${n}"},"text":"${text}"}`;
const large = (n: number, letter: string): string => line(n, letter.repeat(LARGE_BYTES));
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

test("a compact killed at every step has what the chain stands for, with parts of the usual size", async () => {
  await using place = await folder();
  const [full, delta, out] = ["full", "delta", "out"].map((name) => join(place.path, name)) as [
    string,
    string,
    string,
  ];
  const before = {
    large: new Map(numbers(LARGE_COUNT).map((n) => [n, large(n, "x")])),
    small: new Map(numbers(SMALL_COUNT).map((n) => [n, line(n, `first ${n}`)])),
  };
  await mkdir(full);
  await writeArchive(
    full,
    Object.entries(before).map(([collection, lines]) => ({ collection, parts: [lines.values()] })),
  );
  const upserts = {
    large: [0, 64, LARGE_COUNT - 1, LARGE_COUNT].map((n) => [n, large(n, "y")] as const),
    small: numbers(SMALL_COUNT + 50).flatMap((n) => (n % 3 === 0 ? [[n, line(n, "second")] as const] : [])),
  };
  const deletes = { large: [1, 100], small: numbers(SMALL_COUNT).filter((n) => n % 21 === 1) };
  const names = ["large", "small"] as const;
  await writeDelta(
    delta,
    full,
    names.map((collection) => ({
      collection,
      change: "changed",
      upserts: upserts[collection].map(([, text]) => text),
      deletes: deletes[collection].map(key),
    })),
  );
  const args = ["compact", "--archive", delta, "--out", out, "--jobs", "1"];
  for (const point of POINTS) await killedAt(point, args);
  await mustEndWell(args);
  await mustEndWell(["verify", "--archive", out]);
  expect((await readdir(out)).sort()).toEqual(["SHA256SUMS", "manifest.json", "source"]);
  for (const name of names) {
    const wanted = new Map([...before[name], ...upserts[name]]);
    for (const n of deletes[name]) wanted.delete(n);
    const lines = await linesOf(out, `db.${name}`);
    const sorted = [...wanted].sort(([a], [b]) => a - b).map(([, text]) => text);
    expect(lines.length).toBe(sorted.length);
    // Not as one array: what differs would be printed whole.
    expect(lines.every((found, i) => found === sorted[i])).toBe(true);
  }
}, 600_000);
