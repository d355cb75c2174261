import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { diskFault, wordsOf } from "@firebreak/archive";
import { mongodumpFault } from "./mongodump-faults.ts";
import { dumpReason } from "./mongodump-reasons.ts";

const READ_BYTES = 1 << 20;

/**
 * Yields the content of a file in blocks, decompressed if it is a gzip file. A block is valid until the next
 * is asked for.
 *
 * @throws {FirebreakError} `dump-damaged` for a gzip stream that is cut short, broken or followed by anything
 * but zeros; `disk-failed`.
 */
export async function* readBlocks(file: string, isGzip: boolean): AsyncGenerator<Buffer> {
  let offset = 0;
  try {
    for await (const block of isGzip ? decompressed(file) : storedBlocks(file)) {
      yield block;
      offset += block.length;
    }
  } catch (error) {
    if (isOfZlib(error))
      throw mongodumpFault(
        "dump-damaged",
        { file, offset, reason: dumpReason("gzip", { words: wordsOf(error) }) },
        error,
      );
    throw diskFault(error, file);
  }
}

/**
 * Returns a small file's whole text.
 *
 * @throws {FirebreakError} the errors of `readBlocks`.
 */
export async function readText(file: string, isGzip: boolean): Promise<string> {
  const blocks: Buffer[] = [];
  for await (const block of readBlocks(file, isGzip)) blocks.push(Buffer.from(block));
  return Buffer.concat(blocks).toString("utf8");
}

/** Reads all blocks into the same memory, because new ones would pile up until they are collected. */
async function* storedBlocks(file: string): AsyncGenerator<Buffer> {
  const handle = await open(file, "r");
  try {
    const block = Buffer.allocUnsafeSlow(READ_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(block, 0, READ_BYTES);
      if (bytesRead === 0) return;
      yield block.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function* decompressed(file: string): AsyncGenerator<Buffer> {
  const stored = createReadStream(file, { highWaterMark: READ_BYTES / 4 });
  const content = createGunzip({ chunkSize: READ_BYTES });
  // The iteration meets every error. The callback only keeps Node from throwing it a second time.
  pipeline(stored, content, () => undefined);
  yield* content as AsyncIterable<Buffer>;
}

function isOfZlib(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}
