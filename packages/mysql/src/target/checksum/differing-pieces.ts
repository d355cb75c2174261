import { sha256Of } from "@firebreak/archive";
import { bytesOfCell, streamRows, type StreamedCell } from "../../driver/stream-rows.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import { valueSql, type StoredColumn } from "@firebreak/mysql-format";

/** The number of blocks whose hashes one query asks for, and the most bytes that are fetched. */
const BLOCKS = 32;
const FETCHED_BYTES = 64 * 1024;

/** The bytes of a piece before the first difference, and in all. */
const BYTES_BEFORE = 64;
const PIECE_BYTES = 256;

/** One value in the target. */
export interface ValueSource {
  readonly session: MysqlSession;
  readonly from: string;
  readonly where: string;
  readonly column: StoredColumn;
}

export interface Pieces {
  /** The offset at which both pieces begin; 0 is the first byte. */
  readonly from: number;
  readonly expected: Buffer | undefined;
  readonly found: Buffer | undefined;
}

/**
 * Returns the pieces of two long values around their first difference. Pieces of texts have whole characters.
 * The target's piece is found by hashes of ever smaller blocks, so a value of many MB is never fetched whole.
 */
export async function differingPieces(
  source: ValueSource,
  expected: Buffer | undefined,
  found: { readonly bytes: number; readonly whole: Buffer | undefined } | undefined,
): Promise<Pieces> {
  const isText = source.column.form === "text";
  const read = async (from: number, bytes: number): Promise<Buffer> =>
    found === undefined
      ? Buffer.alloc(0)
      : (found.whole?.subarray(from, from + bytes) ?? (await fetchBytes(source, from, bytes)));
  let from = 0;
  if (expected !== undefined && found !== undefined) {
    const block = found.whole === undefined ? await differingBlock(source, expected, found.bytes) : 0;
    const there = await read(block, FETCHED_BYTES);
    const differs = block + firstDifference(expected.subarray(block, block + FETCHED_BYTES), there);
    from = Math.max(0, differs - BYTES_BEFORE);
    if (isText) while (from > 0 && isInsideCharacter(expected[from]!)) from--;
  }
  const cut = (piece: Buffer): Buffer => (isText ? wholeCharacters(piece) : piece);
  return {
    from,
    expected: expected === undefined ? undefined : cut(expected.subarray(from, from + PIECE_BYTES)),
    found: found === undefined ? undefined : cut(await read(from, PIECE_BYTES)),
  };
}

/**
 * Returns the offset of a block that differs, at most as long as one fetch. Both values are equal before it.
 */
async function differingBlock(source: ValueSource, expected: Buffer, foundBytes: number): Promise<number> {
  let from = 0;
  let size = Math.max(expected.length, foundBytes);
  while (size > FETCHED_BYTES) {
    size = Math.ceil(size / BLOCKS);
    const hashes = await fetchOne(
      source,
      Array.from({ length: BLOCKS }, (_, i) => `SHA2(${piece(source.column, from + i * size, size)}, 256)`),
    );
    const start = from;
    const differing = hashes.findIndex(
      (hash, i) => hash !== sha256Of(expected.subarray(start + i * size, start + (i + 1) * size)),
    );
    from += Math.max(0, differing) * size;
  }
  return from;
}

async function fetchBytes(source: ValueSource, from: number, bytes: number): Promise<Buffer> {
  const [value] = await fetchOne(source, [piece(source.column, from, bytes)]);
  return bytesOfCell(value) ?? Buffer.alloc(0);
}

async function fetchOne({ session, from, where }: ValueSource, select: readonly string[]) {
  let first: readonly StreamedCell[] = [];
  for await (const row of streamRows(
    session,
    `SELECT ${select.join(", ")} FROM ${from} WHERE ${where} LIMIT 1`,
  ))
    first = row;
  return first;
}

function piece(column: StoredColumn, from: number, bytes: number): string {
  return `SUBSTRING(${valueSql(column)}, ${from + 1}, ${bytes})`;
}

function firstDifference(a: Buffer, b: Buffer): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return at;
}

function isInsideCharacter(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** Removes the character that the end cuts. */
function wholeCharacters(bytes: Buffer): Buffer {
  let start = bytes.length - 1;
  while (start > 0 && isInsideCharacter(bytes[start]!)) start--;
  const lead = bytes[start] ?? 0;
  const length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return start + length > bytes.length ? bytes.subarray(0, start) : bytes;
}
