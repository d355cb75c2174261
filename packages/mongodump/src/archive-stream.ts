import { open } from "node:fs/promises";
import { diskFault } from "@firebreak/archive";
import type { DocumentCutter } from "./document-cutter.ts";
import { mongodumpFault } from "./mongodump-faults.ts";
import { readBlocks } from "./read-blocks.ts";

/** The first bytes, little-endian, of an archive and of a gzip file. */
const ARCHIVE_MAGIC = 0x8199e26d;
const GZIP_MAGIC = 0x8b1f;
export const MAGIC_BYTES = 4;

/**
 * Yields the documents and terminators of an archive file, compressed or not, block by block.
 *
 * The format is `HEADER ENTRY* TERMINATOR (SEGMENT-HEADER DOCUMENT* TERMINATOR)*` (mongo-tools,
 * `common/archive/spec.md`).
 *
 * @param cutter must count from behind the magic number.
 * @throws {FirebreakError} `dump-foreign` for another kind of file, or `dump-damaged`.
 */
export async function* cutArchive(file: string, cutter: DocumentCutter): AsyncGenerator<Generator<Buffer>> {
  for await (const block of blocksAfterMagic(file)) yield cutter.cut(block);
  cutter.end();
}

async function* blocksAfterMagic(file: string): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const block of readBlocks(file, await isGzipFile(file))) {
    if (start === undefined) {
      yield block;
      continue;
    }
    start = Buffer.concat([start, block]);
    if (start.length < MAGIC_BYTES) continue;
    if (start.readUInt32LE(0) !== ARCHIVE_MAGIC) break;
    yield start.subarray(MAGIC_BYTES);
    start = undefined;
  }
  if (start !== undefined) throw mongodumpFault("dump-foreign", { path: file });
}

/** Decides by the content, because an archive's name need not end in `.gz`. */
async function isGzipFile(file: string): Promise<boolean> {
  try {
    const handle = await open(file, "r");
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
      return bytesRead === 2 && buffer.readUInt16LE(0) === GZIP_MAGIC;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw diskFault(error, file);
  }
}
