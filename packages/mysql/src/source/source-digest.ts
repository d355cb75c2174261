import { ownColumn, type StoredColumn } from "@firebreak/mysql-format";
import type { SourceTable } from "@firebreak/archive";
import type { MysqlSession } from "../driver/connect.ts";
import { digestOf, type ServerDigest } from "../stored/digest-sql.ts";
import { isUtf8 } from "../stored/stored-table.ts";
import { rowOrder } from "./row-order.ts";
import { rangeCondition, type RowRange } from "./row-ranges.ts";
import type { FoundTable } from "./source-schema.ts";

/**
 * Computes the digest of a range of a source's table inside the server. It is the digest of the
 * cells that the rows' lines stand for (`cellOfLine`), in the `values` encoding.
 */
export async function sourceDigest(
  session: MysqlSession,
  found: Pick<FoundTable, "database" | "name" | "table">,
  range: RowRange,
): Promise<ServerDigest> {
  const order = rowOrder(found);
  const columns = storedColumns(found.table);
  return digestOf(
    session,
    { columns, rowEncoding: "values" },
    `${order.from}${rangeCondition(order, range)}`,
  );
}

/** Returns true if a range of a source's table has any row. */
export async function hasRows(
  session: MysqlSession,
  found: Pick<FoundTable, "database" | "name" | "table">,
  range: RowRange,
): Promise<boolean> {
  const order = rowOrder(found);
  const rows = await session.rows(`SELECT 1 FROM ${order.from}${rangeCondition(order, range)} LIMIT 1`);
  return rows.length > 0;
}

function storedColumns({ columns }: SourceTable): StoredColumn[] {
  return columns
    .filter((c) => !c.isGenerated)
    .map((column) => ({
      ...ownColumn(column),
      storedSet: column.characterSet,
      isRecoded: column.characterSet !== undefined && !isUtf8(column.characterSet),
    }));
}
