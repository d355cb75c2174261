import { join } from "node:path";
import { readPart, type MysqlTable } from "@firebreak/archive";
import { indexColumns, readCsv } from "@firebreak/mysql-format";

/** The rows of a table that tell the usual width of its columns. */
const ROWS = 2000;
/** The header of an entry, its NULL flags, and the lengths of its values. */
const ENTRY_BYTES = 8;
/** The bytes of values of a fixed size (MySQL manual, 13.7), by the first word of the type. */
const FIXED: Readonly<Record<string, number>> = {
  tinyint: 1,
  smallint: 2,
  mediumint: 3,
  int: 4,
  bigint: 8,
  float: 4,
  double: 8,
  date: 3,
  datetime: 7,
  timestamp: 6,
  time: 5,
  year: 1,
};

/**
 * Returns the bytes of an entry for each index of a table, from the widths of the first rows that transform wrote. An
 * entry of InnoDB has the columns of the index and those of the primary key.
 *
 * @param folder that of transform's output.
 * @throws {FirebreakError} of a part that cannot be read.
 */
export async function entryBytes(folder: string, table: MysqlTable): Promise<Map<string, number>> {
  const widths = table.indexes.map((index) => ({ index, columns: keyOf(table, index), bytes: 0 }));
  let rows = 0;
  for (const part of table.parts) {
    const blocks = readPart(join(folder, part.file), part.file, part);
    for await (const cells of readCsv(blocks, part.file)) {
      for (const width of widths)
        for (const { at, prefix } of width.columns) width.bytes += cellBytes(table, cells, at, prefix);
      if (++rows === ROWS) break;
    }
    if (rows === ROWS) break;
  }
  return new Map(
    widths.map(({ index, bytes }) => [index.name, ENTRY_BYTES + (rows === 0 ? 0 : bytes / rows)]),
  );
}

/** A column of an entry, by its place in a row. */
interface EntryColumn {
  readonly at: number;
  readonly prefix: number | undefined;
}

function keyOf(table: MysqlTable, { statement }: MysqlTable["indexes"][number]): EntryColumn[] {
  const own = indexColumns(statement);
  const further = table.keyColumns.filter((name) => own.every((c) => c.name !== name));
  const places = [...own, ...further.map((name) => ({ name, prefix: undefined }))];
  return places.map(({ name, prefix }) => ({
    at: table.columns.findIndex((column) => column.name === name),
    prefix,
  }));
}

function cellBytes(
  { columns }: MysqlTable,
  cells: readonly (string | null)[],
  at: number,
  prefix: number | undefined,
): number {
  const cell = cells[at] ?? null;
  const column = columns[at];
  if (cell === null || column === undefined) return 0;
  const fixed = FIXED[/^\w+/.exec(column.sqlType)?.[0].toLowerCase() ?? ""];
  if (fixed !== undefined) return fixed;
  if (column.form === "binary") return Math.min((cell.length * 3) / 4, prefix ?? Infinity);
  if (prefix === undefined) return cell.length;
  const text = Buffer.from(cell, "latin1").toString("utf8").slice(0, prefix);
  return Buffer.byteLength(text);
}
