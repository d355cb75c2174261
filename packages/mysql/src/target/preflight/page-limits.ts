import { indexColumns } from "@firebreak/mysql-format";
import type { MysqlTable } from "@firebreak/archive";
import type { ServerFacts } from "../../driver/server-facts.ts";
import type { TargetFinding } from "./findings.ts";

/**
 * The limits in bytes for a key's column, and for a row within the page (manual, 17.22; tried). A row's
 * longer values are stored off the page.
 */
const LIMITS: Readonly<
  Record<number, { readonly row: number; readonly mysqlKey: number; readonly mariadbKey: number }>
> = {
  4096: { row: 1982, mysqlKey: 768, mariadbKey: 1173 },
  8192: { row: 4030, mysqlKey: 1536, mariadbKey: 1536 },
};

/** Larger columns can be stored off the page once they exceed 40 bytes; length or pointer stay (tried). */
const MOVABLE_BYTES = 255;
const STAYING_BYTES = 42;

/** Finds keys, indexes and rows too long for InnoDB pages below the 16 KiB that transform assumes. */
export function pageFindings(
  tables: readonly MysqlTable[],
  { pageBytes, isMariadb }: Pick<ServerFacts, "pageBytes" | "isMariadb">,
): TargetFinding[] {
  const limits = LIMITS[pageBytes];
  if (limits === undefined) return [];
  const keyLimit = isMariadb ? limits.mariadbKey : limits.mysqlKey;
  return tables.flatMap((table): TargetFinding[] => {
    // A server has already accepted a table's own statement, and this server checks it by itself.
    if (table.own !== undefined || table.isGiven === true) return [];
    const bytesOf = (name: string): number =>
      storedBytes(table.columns.find((c) => c.name === name)?.sqlType ?? "");
    const keyBytes = table.keyColumns.reduce((sum, name) => sum + bytesOf(name), 0);
    const indexes = table.indexes.map(({ name, statement }) => ({
      name,
      // InnoDB applies the limit to each column of an index.
      bytes: Math.max(
        0,
        ...indexColumns(statement).map((c) =>
          c.prefix === undefined ? bytesOf(c.name) : Math.min(bytesOf(c.name), c.prefix * 4),
        ),
      ),
    }));
    const rowBytes = table.columns
      .filter((c) => !table.keyColumns.includes(c.name))
      .map((c) => storedBytes(c.sqlType))
      .reduce((sum, bytes) => sum + (bytes > MOVABLE_BYTES ? STAYING_BYTES : bytes), keyBytes);
    const finding = (index: string | undefined, needed: number, limit: number): TargetFinding[] =>
      needed <= limit ? [] : [{ what: "page-small", table: table.table, index, needed, limit, pageBytes }];
    return [
      ...finding("PRIMARY", keyBytes, keyLimit),
      ...indexes.flatMap((i) => finding(i.name, i.bytes, keyLimit)),
      ...finding(undefined, rowBytes, limits.row),
    ];
  });
}

/**
 * Returns the most bytes that a column of this type takes; infinity for texts and blobs, which can always be
 * stored off the page.
 */
function storedBytes(sqlType: string): number {
  const size = Number(/\((\d+)/.exec(sqlType)?.[1] ?? 0);
  if (sqlType.startsWith("varchar")) return size * 4;
  if (/^(varbinary|char)/.test(sqlType)) return size;
  if (sqlType.startsWith("decimal")) return Math.ceil(size / 2) + 1;
  return /text|blob/.test(sqlType) ? Infinity : 8;
}
