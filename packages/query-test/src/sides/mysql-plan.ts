import { selectBytes, serverFacts, type MysqlSession } from "@firebreak/mysql";
import type { Select } from "../tested-query.ts";
import type { PlanFacts } from "./side.ts";

/** The columns of EXPLAIN's table that the facts stand on (MySQL manual, 10.8.2; MariaDB has the same). */
const KEY = "key";
const ROWS = "rows";
const EXTRA = "Extra";

/**
 * Returns the plan of a query. MySQL shows it as a tree, MariaDB as its table.
 *
 * @throws {FirebreakError} any error of mysql.
 */
export async function mysqlPlan(
  session: MysqlSession,
  { sql, values }: Select,
  statementCount: number,
): Promise<PlanFacts> {
  const { isMariadb } = await serverFacts(session);
  // From MySQL 9.0 on, a server's setting decides the format if the statement does not (manual, 15.8.2).
  const table = await explained(session, `EXPLAIN ${isMariadb ? "" : "FORMAT=TRADITIONAL "}${sql}`, values);
  const text = isMariadb
    ? table.map((row) => [...row].map(([name, value]) => `${name}: ${value ?? "NULL"}`).join(", ")).join("\n")
    : (await explained(session, `EXPLAIN FORMAT=TREE ${sql}`, values))
        .flatMap((row) => [...row.values()])
        .join("\n");
  const examined = table.map((row) => Number(row.get(ROWS) ?? Number.NaN)).filter(Number.isFinite);
  const product = examined.reduce((sum, rows) => sum * rows, 1);
  // The estimate leaves a limit out of account. Rows in the order of an index are read no further than that.
  const limit = Number(/\bLIMIT (\d+)\s*$/i.exec(sql)?.[1] ?? Number.POSITIVE_INFINITY);
  const isSorted = table.some((row) => row.get(EXTRA)?.includes("filesort") === true);
  return {
    text: text.trimEnd(),
    statement: sql,
    statementCount,
    isIndexUsed: table.every((row) => row.get(ROWS) === null || row.get(KEY) !== null),
    examinedRows: examined.length === 0 ? undefined : isSorted ? product : Math.min(product, limit),
  };
}

async function explained(
  session: MysqlSession,
  sql: string,
  values: Select["values"],
): Promise<Map<string, string | null>[]> {
  const { names, rows } = await selectBytes(session, sql, values);
  return rows.map((row) => new Map(names.map((name, i) => [name, row[i]?.toString("utf8") ?? null])));
}
