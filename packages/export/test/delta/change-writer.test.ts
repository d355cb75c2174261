import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLines, type PartEntry } from "@firebreak/archive";
import { afterEach, beforeEach, expect, test } from "vitest";
import { textHash } from "../../src/delta/comparison/range-hashes.ts";
import { ChangeWriter, type ChangeTarget } from "../../src/delta/change-writer.ts";

let archive: string;
beforeEach(async () => {
  archive = await mkdtemp(join(tmpdir(), "firebreak-changes-"));
});
afterEach(() => rm(archive, { recursive: true, force: true }));

function target(extra: Partial<ChangeTarget> = {}): ChangeTarget {
  const scratch = join(archive, "scratch");
  return { archive, directory: "source/d/c", recipients: [], partBytes: 1 << 20, scratch, ...extra };
}

async function linesOf(parts: readonly PartEntry[]): Promise<string[]> {
  const lines: string[] = [];
  for (const part of parts)
    await readLines(
      join(archive, part.file),
      part,
      {},
      ({ line }) => void lines.push(Buffer.from(line, "latin1").toString("latin1")),
      () => undefined,
    );
  return lines;
}

const keyOf = (id: number): string => `{"_id":{"$numberInt":"${id}"}}`;
const lineOf = (id: number, text = ""): string => `{"_id":{"$numberInt":"${id}"},"t":"${text}"}`;

test("changes told of in any order are written in the order of the bytes of their keys", async () => {
  const writer = new ChangeWriter(target());
  await writer.upsert(keyOf(5), lineOf(5));
  await writer.delete(keyOf(7));
  await writer.upsert(keyOf(10), Buffer.from(lineOf(10)));
  await writer.delete(keyOf(3), true);
  await writer.delete(keyOf(60));
  await writer.upsert('{"_id":"\xc3\xa4"}', '{"_id":"\xc3\xa4"}');
  const { parts, deletes, expired } = await writer.finish();
  expect(await linesOf(parts)).toEqual(['{"_id":"\xc3\xa4"}', lineOf(10), lineOf(5)]);
  expect(await linesOf(deletes)).toEqual([keyOf(60), keyOf(7)]);
  expect(await linesOf(expired)).toEqual([keyOf(3)]);
  expect(parts[0]!.file).toBe("source/d/c/00000.ndjson.zst");
  expect(deletes[0]!.file).toBe("source/d/c/deletes-00000.ndjson.zst");
  expect(expired[0]!.file).toBe("source/d/c/expired-00000.ndjson.zst");
});

test("what does not fit in memory goes through runs, merged in passes, and comes out the same", async () => {
  // Some 150 runs: more than are read at once.
  const writer = new ChangeWriter(target({ runBytes: 4000, partBytes: 20_000 }));
  const ids = Array.from({ length: 2000 }, (_, i) => (i * 7919) % 2000);
  for (const id of ids)
    await (id % 5 === 0
      ? writer.delete(keyOf(id))
      : writer.upsert(keyOf(id), lineOf(id, "x".repeat(id % 97))));
  const { parts, deletes, expired } = await writer.finish();
  const sorted = ids.map((id) => ({ id, key: keyOf(id) })).sort((a, b) => (a.key < b.key ? -1 : 1));
  expect(parts.length).toBeGreaterThan(3);
  expect(await linesOf(parts)).toEqual(
    sorted.filter(({ id }) => id % 5 !== 0).map(({ id }) => lineOf(id, "x".repeat(id % 97))),
  );
  expect(await linesOf(deletes)).toEqual(sorted.filter(({ id }) => id % 5 === 0).map(({ key }) => key));
  expect(expired).toEqual([]);
  expect(await readdir(archive)).toEqual(["source"]);
});

test("a line larger than a run and its blocks comes through a merge whole", async () => {
  const writer = new ChangeWriter(target({ runBytes: 1000 }));
  const text = Array.from({ length: 300_000 }, (_, i) => String.fromCharCode(97 + (i % 23))).join("");
  for (const id of [3, 1, 2]) await writer.upsert(keyOf(id), lineOf(id, text + id));
  const { parts } = await writer.finish();
  expect(await linesOf(parts)).toEqual([1, 2, 3].map((id) => lineOf(id, text + id)));
});

test.each([500, undefined])(
  "a key that is told of as gone and as there is there (runs of %s bytes)",
  async (runBytes) => {
    const writer = new ChangeWriter(target(runBytes === undefined ? {} : { runBytes }));
    const ids = Array.from({ length: 50 }, (_, i) => i);
    for (const id of ids) await writer.delete(keyOf(id), id % 3 === 0);
    for (const id of ids) if (id % 2 === 0) await writer.upsert(keyOf(id), lineOf(id));
    const { parts, deletes, expired } = await writer.finish();
    const sorted = (of: (id: number) => boolean, text: (id: number) => string) =>
      ids.filter(of).map(text).sort();
    expect((await linesOf(parts)).sort()).toEqual(
      sorted(
        (id) => id % 2 === 0,
        (id) => lineOf(id),
      ),
    );
    expect(await linesOf(deletes)).toEqual(sorted((id) => id % 2 === 1 && id % 3 > 0, keyOf));
    expect(await linesOf(expired)).toEqual(sorted((id) => id % 2 === 1 && id % 3 === 0, keyOf));
  },
);

test("a key that is gone in one place and there in another as it was has not changed", async () => {
  const writer = new ChangeWriter(target({ runBytes: 500 }));
  for (let id = 0; id < 20; id++) {
    await writer.upsert(keyOf(id), lineOf(id));
    await writer.delete(keyOf(id), false, textHash(lineOf(id, id % 2 === 0 ? "" : "other")));
  }
  const { parts, deletes } = await writer.finish();
  expect((await linesOf(parts)).length).toBe(10);
  expect(await linesOf(parts)).not.toContain(lineOf(4));
  expect(await linesOf(parts)).toContain(lineOf(5));
  expect(deletes).toEqual([]);
});

test("runs on the disk tell nothing of what is in them, and are gone when all is given up", async () => {
  const writer = new ChangeWriter(target({ runBytes: 1000 }));
  for (let id = 0; id < 100; id++) await writer.upsert(keyOf(id), lineOf(id, "a secret"));
  const files = await readdir(join(archive, "scratch"));
  expect(files.length).toBeGreaterThan(1);
  const content = await readFile(join(archive, "scratch", files[0]!), "latin1");
  expect(content.length).toBeGreaterThan(200);
  expect(content).not.toMatch(/secret|_id/);
  await writer.close();
  expect(await readdir(archive)).toEqual([]);
});

test("where nothing changed there is no folder", async () => {
  expect(await new ChangeWriter(target()).finish()).toEqual({ parts: [], deletes: [], expired: [] });
  expect(await readdir(archive)).toEqual([]);
});
