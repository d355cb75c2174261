import { open } from "node:fs/promises";
import { diskFault } from "@firebreak/archive";
import { BSON } from "bson";
import { DocumentCutter, isTerminator } from "./document-cutter.ts";
import { mongodumpFault } from "./mongodump-faults.ts";
import { dumpReason } from "./mongodump-reasons.ts";
import { readBlocks } from "./read-blocks.ts";

/** The entry of one collection at the beginning of an archive. */
export interface PreludeEntry {
  readonly database: string;
  readonly collection: string;
  readonly type: string;
  /** The text of a `metadata.json`. Empty if there is none. */
  readonly metadata: string;
}

export interface Prelude {
  readonly serverVersion: string | undefined;
  readonly entries: readonly PreludeEntry[];
}

/**
 * Reads the beginning of an archive, which lists its collections.
 *
 * @throws {FirebreakError} `dump-foreign` or `dump-damaged`.
 */
export async function readPrelude(file: string): Promise<Prelude> {
  const cutter = new DocumentCutter(file, MAGIC_BYTES);
  const entries: PreludeEntry[] = [];
  let header: ReadonlyMap<string, unknown> | undefined;
  for await (const units of cutArchive(file, cutter))
    for (const unit of units) {
      if (isTerminator(unit)) {
        if (header === undefined)
          throw cutter.damage(dumpReason("terminator-misplaced", { instead: "header" }));
        return { serverVersion: textIn(header, "server_version") || undefined, entries };
      }
      const fields = smallDocument(unit, cutter);
      if (header === undefined) header = fields;
      else
        entries.push({
          database: textIn(fields, "db"),
          collection: textIn(fields, "collection"),
          type: textIn(fields, "type"),
          metadata: textIn(fields, "metadata"),
        });
    }
  throw cutter.damage(dumpReason("prelude-cut-short"));
}

/**
 * Decodes a document of the archive itself into a map of its fields.
 *
 * @throws {FirebreakError} `dump-damaged`
 */
export function smallDocument(unit: Buffer, cutter: DocumentCutter): ReadonlyMap<string, unknown> {
  try {
    return new Map(Object.entries(BSON.deserialize(unit, { useBigInt64: true })));
  } catch {
    throw cutter.damage(dumpReason("header-no-bson"));
  }
}

export function textIn(fields: ReadonlyMap<string, unknown>, name: string): string {
  const value = fields.get(name);
  return typeof value === "string" ? value : "";
}

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
