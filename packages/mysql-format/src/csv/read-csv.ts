import { archiveFault, archiveReason, refuseSealed } from "@firebreak/archive";

const QUOTE = 0x22;
const COMMA = 0x2c;
const NEWLINE = 0x0a;

/** The bytes of rows that are yielded at once. */
const BLOCK_BYTES = 16 * 1024;

/**
 * Cuts CSV into rows, line ends included, also CSV of other dialects. A row ends at a line end outside
 * quotes, as a server finds it.
 */
export async function* csvRows(blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const pending: Buffer[] = [];
  let isQuoted = false;
  for await (const block of blocks) {
    let from = 0;
    for (let i = 0; i < block.length; i++)
      if (block[i] === QUOTE) isQuoted = !isQuoted;
      else if (block[i] === NEWLINE && !isQuoted) {
        pending.push(block.subarray(from, i + 1));
        yield Buffer.concat(pending.splice(0));
        from = i + 1;
      }
    // A copy, because the source of the blocks may use them again.
    if (from < block.length) pending.push(Buffer.from(block.subarray(from)));
  }
  if (pending.length > 0) yield Buffer.concat(pending);
}

/**
 * Cuts the archive's own CSV into rows: every value quoted, NULL as the bare word. Yields each row's cells as
 * byte text.
 *
 * @param file the file's name in errors.
 * @throws {FirebreakError} `line-unreadable` for bytes that are not of this dialect.
 */
export async function* readCsv(
  blocks: AsyncIterable<Buffer>,
  file: string,
): AsyncGenerator<(string | null)[]> {
  for await (const rows of readCsvBlocks(blocks, file)) for (const row of rows) yield row;
}

/** Does what `readCsv` does, and yields many rows at once. */
export async function* readCsvBlocks(
  blocks: AsyncIterable<Buffer>,
  file: string,
): AsyncGenerator<(string | null)[][]> {
  let rest: Buffer = Buffer.alloc(0);
  let row = 0;
  for await (const bytes of growing(blocks, () => rest)) {
    let at = 0;
    let from = 0;
    let rows: (string | null)[][] = [];
    for (let next = takeRow(bytes, at); next !== undefined; next = takeRow(bytes, at)) {
      row++;
      if (next.cells === undefined) {
        if (rows.length > 0) yield rows;
        const fault = { file, line: row, reason: archiveReason("csv-foreign") };
        await refuseSealed(blocks, archiveFault("line-unreadable", fault));
      } else rows.push(next.cells);
      at = next.end;
      if (at - from < BLOCK_BYTES) continue;
      yield rows;
      rows = [];
      from = at;
    }
    if (rows.length > 0) yield rows;
    rest = bytes.subarray(at);
  }
  if (rest.length > 0)
    throw archiveFault("line-unreadable", { file, line: row + 1, reason: archiveReason("row-cut-short") });
}

/**
 * Returns the cells of one row with its line end, as byte text; undefined if it is no row of this dialect.
 */
export function csvCells(row: Buffer): (string | null)[] | undefined {
  const taken = takeRow(row, 0);
  return taken?.end === row.length ? taken.cells : undefined;
}

/**
 * Yields the rest of the last block with at least as many bytes behind it, if there are that many. Otherwise
 * a row of many blocks would be scanned once for each block.
 */
async function* growing(blocks: AsyncIterable<Buffer>, rest: () => Buffer): AsyncGenerator<Buffer> {
  let gathered: Buffer[] = [];
  let size = 0;
  for await (const block of blocks) {
    gathered.push(block);
    size += block.length;
    if (size < rest().length) continue;
    yield joined(rest(), gathered);
    gathered = [];
    size = 0;
  }
  if (size > 0) yield joined(rest(), gathered);
}

function joined(rest: Buffer, blocks: readonly Buffer[]): Buffer {
  return rest.length === 0 && blocks.length === 1 ? blocks[0]! : Buffer.concat([rest, ...blocks]);
}

/**
 * Returns the row at `start`; undefined if it is not whole yet, and without cells if it is no row of this
 * dialect.
 */
function takeRow(
  bytes: Buffer,
  start: number,
): { cells: (string | null)[] | undefined; end: number } | undefined {
  const cells: (string | null)[] = [];
  for (let at = start; ;) {
    if (at >= bytes.length) return undefined;
    let end: number;
    if (bytes[at] === QUOTE) {
      end = closingQuote(bytes, at + 1);
      if (end < 0) return undefined;
      cells.push(bytes.toString("latin1", at + 1, end).replaceAll('""', '"'));
      end++;
    } else {
      end = at + 4;
      if (end >= bytes.length) return undefined;
      if (bytes.toString("latin1", at, end) !== "NULL") return { cells: undefined, end };
      cells.push(null);
    }
    if (end >= bytes.length) return undefined;
    if (bytes[end] === NEWLINE) return { cells, end: end + 1 };
    if (bytes[end] !== COMMA) return { cells: undefined, end };
    at = end + 1;
  }
}

/**
 * Returns the place of the quote that ends a value: one that is not doubled. Returns -1 if the bytes end too
 * soon to tell.
 */
function closingQuote(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from); at >= 0; at = bytes.indexOf(QUOTE, at + 2)) {
    if (at + 1 >= bytes.length) return -1;
    if (bytes[at + 1] !== QUOTE) return at;
  }
  return -1;
}
