import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { RowFile } from "../../../src/target/parts/row-file.ts";

const ROWS = Array.from({ length: 5_000 }, (_, n) => Buffer.from(`"${n}","${"x".repeat((n * 37) % 900)}"\n`));

async function* each(rows: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* rows;
}

async function bytesOf(blocks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const block of blocks) all.push(block);
  return Buffer.concat(all);
}

describe("a file of rows", () => {
  let place: Awaited<ReturnType<typeof folder>>;
  beforeAll(async () => {
    place = await folder();
  });
  afterAll(() => place[Symbol.asyncDispose]());

  test("gives any stretch of them, byte by byte, and has no name on disk", async () => {
    const file = await RowFile.fill(place.path, each(ROWS));
    try {
      expect(file.rowCount).toBe(ROWS.length);
      for (const [from, to] of [
        [0, 1],
        [0, ROWS.length],
        [ROWS.length - 1, ROWS.length],
        [1234, 1235],
        [999, 3001],
        [5, 5],
      ] as const)
        expect(await bytesOf(file.rows(from, to))).toEqual(Buffer.concat(ROWS.slice(from, to)));
      expect(await file.row(77)).toEqual(ROWS[77]);
      expect(await readdir(place.path)).toEqual([]);
    } finally {
      await file[Symbol.asyncDispose]();
    }
  });

  test("of no rows has none", async () => {
    const file = await RowFile.fill(place.path, each([]));
    expect(file.rowCount).toBe(0);
    await file[Symbol.asyncDispose]();
  });

  test("ends with what its source ended with", async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield ROWS[0]!;
      throw new Error("a part that is damaged");
    }
    await expect(RowFile.fill(place.path, failing())).rejects.toThrow("a part that is damaged");
    expect(await readdir(place.path)).toEqual([]);
  });
});
