import { join } from "node:path";
import { archiveFault, readPart, type MysqlTable, type TablePart } from "@firebreak/archive";
import { csvCells, csvRows, readCsv } from "@firebreak/mysql-format";
import type { ChainTable } from "./chain/chain-table.ts";
import type { TransformedLink } from "./chain/transformed-chain.ts";

/** The rows (from 1) that the target refused at load, by the name of their part. */
export type SetAside = ReadonlyMap<string, ReadonlySet<number>>;

/** The folder of the parts, and the identities that open them. */
export interface RowsPlace {
  readonly folder: string;
  readonly identities?: readonly string[] | undefined;
  /** The rows that are not expected in the target. */
  readonly setAside?: SetAside | undefined;
  /** In a delta: the table in the links of its chain, whose rows are then expected. */
  readonly chain?: ChainTable | undefined;
}

/** Cells as byte text, in the form that `readCsv` returns. */
export type Cells = readonly (string | null)[];

/** The position of a row in the archive. Rows are counted from 1. */
export interface RowOrigin {
  /** In a delta's chain: the link that has the row. */
  readonly link?: TransformedLink;
  readonly part: TablePart;
  readonly row: number;
}

export interface ExpectedRow {
  readonly cells: Cells;
  readonly origin: RowOrigin;
}

/** Yields the rows that the target should have of a table, in the order of its parts, link after link. */
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
  // A row that the target refused may not be CSV of Firebreak. Only the other rows must be.
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
