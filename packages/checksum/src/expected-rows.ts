import { join } from "node:path";
import {
  archiveFault,
  csvCells,
  csvRows,
  readCsv,
  readPart,
  type MysqlTable,
  type TablePart,
} from "@firebreak/archive";
import type { ChainTable } from "./chain/chain-table.ts";
import type { TransformedLink } from "./chain/transformed-chain.ts";

/** By the names of parts: rows (from 1) that the target refused at load. */
export type SetAside = ReadonlyMap<string, ReadonlySet<number>>;

/** Where the parts are, and what opens them. */
export interface RowsPlace {
  readonly folder: string;
  readonly identities?: readonly string[] | undefined;
  /** These are not expected in the target. */
  readonly setAside?: SetAside | undefined;
  /** Of a delta: the table in the links of its chain, whose rows are expected then. */
  readonly chain?: ChainTable | undefined;
}

/** Byte text, as `readCsv` gives it. */
export type Cells = readonly (string | null)[];

/** Where a row stands in the archive; rows are counted from 1. */
export interface RowOrigin {
  /** Of a delta's chain: the link that the row is of. */
  readonly link?: TransformedLink;
  readonly part: TablePart;
  readonly row: number;
}

export interface ExpectedRow {
  readonly cells: Cells;
  readonly origin: RowOrigin;
}

/** The rows that the target should have of a table, in the order of its parts; of a chain one link after the other. */
export async function* expectedRows(
  place: RowsPlace,
  table: Pick<MysqlTable, "parts">,
): AsyncGenerator<ExpectedRow> {
  if (place.chain === undefined) for (const part of table.parts) yield* rowsOfPart(place, part);
  else yield* place.chain.rows(place.setAside);
}

export async function* rowsOfPart(
  { folder, identities, setAside }: RowsPlace,
  part: TablePart,
): AsyncGenerator<ExpectedRow> {
  let row = 0;
  const { file } = part;
  const bytes = readPart(join(folder, file), file, part, { identities });
  const gone = setAside?.get(file);
  if (gone === undefined) {
    for await (const cells of readCsv(bytes, file)) yield { cells, origin: { part, row: ++row } };
    return;
  }
  // What the target refused may be no CSV of ours; only the other rows must be.
  for await (const csv of csvRows(bytes)) {
    row++;
    if (gone.has(row)) continue;
    const cells = csvCells(csv);
    if (cells === undefined)
      throw archiveFault("line-unreadable", {
        file,
        line: row,
        reason: "it is not CSV as transform writes it",
      });
    yield { cells, origin: { part, row } };
  }
}
