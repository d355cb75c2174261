import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HugeTurn } from "@firebreak/archive";
import { BSON } from "bson";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PartSequence } from "@firebreak/items";
import { documentLines } from "../../src/parts/item-lines.ts";
import { saying } from "@firebreak/testing/command-line/worded";

const HUGE = 4 << 20;

let archive: string;
beforeAll(async () => {
  archive = await mkdtemp(join(tmpdir(), "firebreak-test-"));
});
afterAll(() => rm(archive, { recursive: true, force: true }));

function documentOf(bytes: number): Buffer {
  const empty = BSON.serialize({ v: "" }).length;
  return Buffer.from(BSON.serialize({ v: "x".repeat(bytes - empty) }));
}

function sequence(turns: string[]): PartSequence<Buffer> {
  const hugeTurn: HugeTurn = {
    take: async () => void turns.push("take"),
    give: () => void turns.push("give"),
  };
  const fileOf = (n: number): string => `${n}.ndjson.zst`;
  return new PartSequence(
    { archive, recipients: [], partBytes: 64 << 20, fileOf, hugeTurn },
    documentLines(),
  );
}

test.each([
  ["one byte short of huge", HUGE - 1, 0],
  ["just huge", HUGE, 1],
  ["one byte beyond", HUGE + 1, 1],
])("a document that is %s (%i bytes) is written with %i turns", async (_, bytes, count) => {
  const turns: string[] = [];
  const parts = sequence(turns);
  const document = documentOf(bytes);
  expect(document).toHaveLength(bytes);
  await parts.write([documentOf(100), document, documentOf(100), document]);
  const written = await parts.finish();
  expect(written.parts.map((p) => p.lineCount)).toEqual([4]);
  expect(turns).toEqual(Array.from({ length: 2 * count }, () => ["take", "give"]).flat());
});

test("a huge document that has no line gives its turn back", async () => {
  const turns: string[] = [];
  const parts = sequence(turns);
  await expect(parts.write([Buffer.alloc(HUGE)])).rejects.toThrow(saying("no document"));
  await parts.abandon();
  expect(turns).toEqual(["take", "give"]);
});
