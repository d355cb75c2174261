import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LineWriter, PartWriter, type PartEntry } from "@firebreak/archive";
import { BSON } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DocumentBatch, inBatches } from "../../../src/target/writing/document-batches.ts";

const LARGE = 4 << 20;

let archive: string;
beforeAll(async () => {
  archive = await mkdtemp(join(tmpdir(), "firebreak-test-"));
});
afterAll(() => rm(archive, { recursive: true, force: true }));

function documentOf(bytes: number): Buffer {
  return Buffer.from(BSON.serialize({ v: "x".repeat(bytes - BSON.serialize({ v: "" }).length) }));
}

async function partOf(documents: readonly Buffer[]): Promise<PartEntry> {
  const lines = new LineWriter();
  for (const document of documents) {
    lines.write(document, 0, document.length);
    lines.out.ascii("\n");
  }
  const file = `${documents[0]!.length}.ndjson.zst`;
  const writer = await PartWriter.open(join(archive, file));
  await writer.write(lines.out.written(), documents.length);
  return { file, ...(await writer.seal()) };
}

test.each([
  ["one byte short of large", LARGE - 1, ["take", "begin", "take", "end", "begin", "end"]],
  ["just large", LARGE, ["take", "begin", "end", "take", "begin", "end"]],
  ["one byte beyond", LARGE + 1, ["take", "begin", "end", "take", "begin", "end"]],
])(
  "while a batch that is %s (%i bytes) is on its way the next is decoded, or not",
  async (_, bytes, steps) => {
    const documents = [documentOf(bytes), documentOf(2 << 20)];
    const seen: string[] = [];
    const sent: Buffer[] = [];
    let begun = (): void => undefined;
    await inBatches({ archive }, await partOf(documents), [new DocumentBatch(), new DocumentBatch()], {
      take: () => {
        seen.push("take");
        begun();
      },
      send: async (batch) => {
        seen.push("begin");
        // Ends when the next is decoded, or when there is nothing more to wait for.
        const decoded = new Promise<void>((resolve) => (begun = resolve));
        if (bytes < LARGE && sent.length === 0) await decoded;
        sent.push(Buffer.from(batch.bytes()));
        seen.push("end");
      },
    });
    expect(seen).toEqual(steps);
    expect(sent.map((b, i) => b.equals(documents[i]!))).toEqual([true, true]);
  },
);
