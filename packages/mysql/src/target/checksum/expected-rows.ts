import { join } from "node:path";
import {
  archiveFault,
  archiveReason,
  readPart,
  type MysqlManifest,
  type MysqlTable,
  type PartEntry,
  type SourceManifest,
  type TablePart,
} from "@firebreak/archive";
import { csvCells, csvRows, readCsvBlocks } from "@firebreak/mysql-format";

/** The rows (from 1) that the target refused at load, by the name of their part. */
export type SetAside = ReadonlyMap<string, ReadonlySet<number>>;

/** Cells as byte text, in the form that `readCsv` returns. */
export type Cells = readonly (string | null)[];

/** The position of a row in the archive. Rows are counted from 1. */
export interface RowOrigin {
  /** In a delta's chain: the link that has the row. */
  readonly link?: TransformedLink;
  readonly part: PartEntry;
  readonly row: number;
}

export interface ExpectedRow {
  readonly cells: Cells;
  readonly origin: RowOrigin;
}

/** The manifests of an archive and of its transform. */
export interface Manifests {
  readonly source: SourceManifest;
  readonly mysql: MysqlManifest;
}

/** A link of a chain, and its transform. */
export interface TransformedLink {
  readonly archive: string;
  /** The number of the link; the full archive has 0. */
  readonly number: number;
  /** The folder that transform wrote. */
  readonly folder: string;
  readonly manifests: Manifests;
}

/** The rows of a table in all links of a chain. */
export interface RowsOfLinks {
  /** The table with all parts that the target's ledger lists for it, under the ledger's names. */
  readonly inLedger: MysqlTable;
  rows(): AsyncIterable<ExpectedRow>;
}

/** The folder of the parts, and the identities that open them. */
export interface RowsPlace {
  readonly folder: string;
  readonly identities?: readonly string[] | undefined;
  /** The rows that are not expected in the target. */
  readonly setAside?: SetAside | undefined;
  /** In a delta: the table in the links of its chain, whose rows are then expected. */
  readonly chain?: RowsOfLinks | undefined;
}

/** Yields the rows that the target should have of a table, in the order of its parts, link after link. */
export async function* expectedRows(
  place: RowsPlace,
  table: Pick<MysqlTable, "parts">,
): AsyncGenerator<ExpectedRow> {
  if (place.chain === undefined) for (const part of table.parts) yield* rowsOfPart(place, part);
  else yield* place.chain.rows();
}

export async function* rowsOfPart(place: RowsPlace, part: TablePart): AsyncGenerator<ExpectedRow> {
  for await (const rows of rowBlocks(place, part)) for (const row of rows) yield row;
}

/** Yields the rows of a part, many at once. */
export async function* rowBlocks(
  { folder, identities, setAside }: Pick<RowsPlace, "folder" | "identities" | "setAside">,
  part: PartEntry,
): AsyncGenerator<readonly ExpectedRow[]> {
  let row = 0;
  const { file } = part;
  const bytes = readPart(join(folder, file), file, part, { identities });
  const gone = setAside?.get(file);
  if (gone === undefined) {
    for await (const rows of readCsvBlocks(bytes, file))
      yield rows.map((cells) => ({ cells, origin: { part, row: ++row } }));
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
        reason: archiveReason("csv-foreign"),
      });
    yield [{ cells, origin: { part, row } }];
  }
}
