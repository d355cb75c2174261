import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { fromByteText, type MysqlManifest, type MysqlTable, type PartEntry } from "@firebreak/archive";
import { readCsv } from "@firebreak/mysql-format";
import type { SiteRow } from "../../../../fixtures/src/index.ts";

export async function madeManifest(archive: string): Promise<MysqlManifest> {
  return JSON.parse(await readFile(join(archive, "mysql", "manifest.json"), "utf8")) as MysqlManifest;
}

/** Every row that was made, as `TABLE COLUMN=VALUE …`. */
export async function madeRows(archive: string, { tables }: MysqlManifest): Promise<string[]> {
  const rows: string[] = [];
  for (const table of tables)
    for (const part of table.parts)
      for (const row of await rowsOfPart(archive, table, part.file)) rows.push(row);
  return rows;
}

/** The rows of one part, in its order. */
export async function rowsOfPart(
  archive: string,
  { table, columns }: Pick<MysqlTable, "table" | "columns">,
  file: string,
): Promise<string[]> {
  const rows: string[] = [];
  for await (const cells of readCsv(blocks(await plain(archive, file)), file)) {
    const named = columns.map(({ name }, i): [string, string | null] => {
      const cell = cells[i]!;
      return [name, cell === null ? null : fromByteText(cell)];
    });
    rows.push(rowText(table, named));
  }
  return rows;
}

/** A row of the log, as `madeRows` gives it. */
export function expectedRow(table: string, row: SiteRow): string {
  return rowText(
    table,
    Object.entries(row).map(([name, value]) => [name, cellOf(value)]),
  );
}

/** What stands in files of one JSON object a line. */
export async function listedLines(
  archive: string,
  parts: readonly PartEntry[],
): Promise<Record<string, string | number>[]> {
  const lines: Record<string, string | number>[] = [];
  for (const { file } of parts)
    for (const line of (await plain(archive, file)).toString("utf8").split("\n"))
      if (line !== "") lines.push(JSON.parse(line) as Record<string, string | number>);
  return lines;
}

function rowText(table: string, cells: readonly (readonly [string, string | null])[]): string {
  return `${table} ${JSON.stringify(cells.toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;
}

function cellOf(value: SiteRow[string]): string | null {
  if (value === null || typeof value === "string") return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : String(value);
}

async function* blocks(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}

async function plain(archive: string, file: string): Promise<Buffer> {
  return zstdDecompressSync(await readFile(join(archive, "mysql", file)));
}
