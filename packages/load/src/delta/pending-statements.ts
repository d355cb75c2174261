import type { MysqlTable } from "@firebreak/archive";
import type { TableFacts } from "@firebreak/mysql";
import type { ColumnProblem } from "../preflight/findings.ts";

/** One of transform's own statements, cut before what it does to a column. */
const OF_COLUMN = /^(ALTER TABLE `(?:[^`]|``)+`) ((?:MODIFY|ADD) COLUMN) `((?:[^`]|``)+)` /;

/** Whether statements of a delta make room in a column; of one that is not transform's own nobody knows. */
export function makesRoomIn({ alter = [] }: Pick<MysqlTable, "alter">, column: string): boolean {
  return alter.some((statement) => {
    const own = OF_COLUMN.exec(statement);
    return own === null || columnOf(own[3]!) === column.toLowerCase();
  });
}

/**
 * The statements of a delta that are still to be run on a table. One that widens a
 * column is not where the column has room already: a killed run may have widened
 * it, or somebody made it wider still, and would have it narrowed. Statements that
 * widen columns are one, for the server writes the table anew for each.
 *
 * @param lacking what of the table's columns does not take all values yet.
 */
export function pendingStatements(
  { alter = [] }: Pick<MysqlTable, "alter">,
  found: TableFacts,
  lacking: readonly ColumnProblem[],
): string[] {
  const there = new Set(found.columns.map((c) => c.name.toLowerCase()));
  const narrow = new Set(lacking.map((p) => p.column.toLowerCase()));
  const pending: string[] = [];
  for (const statement of alter) {
    const [, table, verb, quoted = ""] = OF_COLUMN.exec(statement) ?? [];
    const column = columnOf(quoted);
    if (verb === "ADD COLUMN" && there.has(column)) continue;
    if (verb === "MODIFY COLUMN" && !narrow.has(column)) continue;
    const last = pending.at(-1);
    if (verb === "MODIFY COLUMN" && last?.startsWith(`${table!} ${verb}`) === true)
      pending[pending.length - 1] = `${last}, ${statement.slice(table!.length + 1)}`;
    else pending.push(statement);
  }
  return pending;
}

function columnOf(quoted: string): string {
  return quoted.replaceAll("``", "`").toLowerCase();
}
