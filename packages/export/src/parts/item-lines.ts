import { LineWriter } from "@firebreak/archive";
import type { ItemLines } from "@firebreak/items";
import { RowLineWriter, type LineColumn, type ServerCell } from "@firebreak/mysql-format";

/**
 * A document of at least this size waits for its turn: its whole line, up to six times as long, is in memory,
 * and so is its proof.
 */
const HUGE_DOCUMENT_BYTES = 4 << 20;

const NO_STOPS: readonly [] = [];

export function documentLines(): ItemLines<Buffer> {
  const lines = new LineWriter();
  const write = (document: Buffer): Iterable<void> => {
    lines.write(document, 0, document.length);
    return NO_STOPS;
  };
  return { out: lines.out, write, isHuge: (document) => document.length >= HUGE_DOCUMENT_BYTES };
}

export function rowLines(columns: readonly LineColumn[]): ItemLines<readonly ServerCell[]> {
  const lines = new RowLineWriter(columns);
  return { out: lines.out, write: (cells) => lines.writeInPieces(cells), isHuge: () => false };
}
