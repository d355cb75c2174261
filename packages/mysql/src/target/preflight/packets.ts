import type { MysqlTable } from "@firebreak/archive";
import type { TargetFinding, TargetNote } from "./findings.ts";

/** The most bytes around a row's values in an INSERT: the statement's head; quotes or introducer of each. */
const STATEMENT_HEAD_BYTES = 256;
const COLUMN_BYTES = 64 * 4 + 16;

/** Finds tables with values or rows that do not fit into max_allowed_packet, or may not fit. */
export function packetFindings(
  tables: readonly MysqlTable[],
  limit: number,
  hasLocalInfile: boolean,
): { findings: TargetFinding[]; notes: TargetNote[] } {
  const findings: TargetFinding[] = [];
  const notes: TargetNote[] = [];
  for (const table of tables) {
    const needed = Math.max(
      neededToHash(table),
      hasLocalInfile ? neededToLoad(table) : neededToInsert(table),
    );
    if (needed > limit) findings.push({ what: "packet-small", table: table.table, needed, limit });
    else if (!hasLocalInfile && mayNeedToInsert(table) > limit)
      notes.push({
        code: "load-packet-tight",
        fields: { table: table.table, needed: mayNeedToInsert(table), limit },
      });
  }
  return { findings, notes };
}

/** checksum joins a row's values, unless it hashes each of them alone. */
function neededToHash(table: MysqlTable): number {
  return Math.max(table.largestValueBytes, largestRow(table));
}

/** FROM_BASE64 takes the value as text, a third longer, and returns NULL above the limit. */
function neededToLoad(table: MysqlTable): number {
  return hasBinary(table) ? Math.ceil(table.largestValueBytes / 3) * 4 + 1024 : table.largestValueBytes;
}

/** The minimum: perhaps no character of the largest row needs escaping, but its quotes are always needed. */
function neededToInsert(table: MysqlTable): number {
  return Math.max(table.largestValueBytes, largestRow(table)) + STATEMENT_HEAD_BYTES;
}

/** The maximum: quotes are doubled; texts with backslashes and binaries are written as hex. */
function mayNeedToInsert(table: MysqlTable): number {
  const values =
    table.rowEncoding === "values" ? table.largestRowBytes : table.largestValueBytes * table.columns.length;
  return values * 2 + STATEMENT_HEAD_BYTES + table.columns.length * COLUMN_BYTES;
}

function largestRow(table: MysqlTable): number {
  return table.rowEncoding === "values" ? table.largestRowBytes : 0;
}

function hasBinary(table: MysqlTable): boolean {
  return table.columns.some((c) => c.form === "binary" || c.form === "mixed");
}
