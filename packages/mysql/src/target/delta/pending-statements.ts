import type { MysqlTable } from "@firebreak/archive";
import type { TableFacts } from "../../driver/table-facts.ts";
import type { ColumnProblem } from "../preflight/findings.ts";

/** Matches a statement that transform wrote, up to the definition of its column. */
const OF_COLUMN = /^(ALTER TABLE `(?:[^`]|``)+`) ((?:MODIFY|ADD) COLUMN) `((?:[^`]|``)+)` /;

/** Matches a statement that transform wrote for an index, up to its columns. */
const OF_INDEX = /^(?:CREATE (?:UNIQUE )?(INDEX)|ALTER TABLE `(?:[^`]|``)+` DROP INDEX) `((?:[^`]|``)+)`/;

/** Returns true for the statement of a new index, which is made when the rows are in. */
export function isNewIndex(statement: string): boolean {
  return OF_INDEX.exec(statement)?.[1] !== undefined;
}

/**
 * Returns true if a statement may make room in a column. One that transform did not write may do so in any.
 */
export function makesRoomIn({ alter = [] }: Pick<MysqlTable, "alter">, column: string): boolean {
  return alter.some((statement) => {
    if (OF_INDEX.test(statement)) return false;
    const own = OF_COLUMN.exec(statement);
    return own === null || nameOf(own[3]!) === column.toLowerCase();
  });
}

/**
 * Returns the statements of a delta that are still to run on a table. A statement that widens a column is
 * left out if the column has room already: a killed run may have widened it, or someone may have made it
 * wider still. So is the statement of an index that is there, or gone, already. Adjacent statements that widen columns become one, since the server rewrites the table for
 * each.
 *
 * @param lacking the columns that do not take all values yet.
 */
export function pendingStatements(
  { alter = [] }: Pick<MysqlTable, "alter">,
  found: TableFacts,
  lacking: readonly ColumnProblem[],
): string[] {
  const there = new Set(found.columns.map((c) => c.name.toLowerCase()));
  const narrow = new Set(lacking.map((p) => p.column.toLowerCase()));
  const indexes = new Set(found.indexes.map(({ name }) => name.toLowerCase()));
  const pending: string[] = [];
  for (const statement of alter) {
    const [isOfIndex, created, index = ""] = OF_INDEX.exec(statement) ?? [];
    if (isOfIndex !== undefined) {
      if (indexes.has(nameOf(index)) === (created === undefined)) pending.push(statement);
      continue;
    }
    if (narrow.size === 0) continue;
    const [, table, verb, quoted = ""] = OF_COLUMN.exec(statement) ?? [];
    const column = nameOf(quoted);
    if (verb === "ADD COLUMN" && there.has(column)) continue;
    if (verb === "MODIFY COLUMN" && !narrow.has(column)) continue;
    const last = pending.at(-1);
    if (verb === "MODIFY COLUMN" && last?.startsWith(`${table!} ${verb}`) === true)
      pending[pending.length - 1] = `${last}, ${statement.slice(table!.length + 1)}`;
    else pending.push(statement);
  }
  return pending;
}

function nameOf(quoted: string): string {
  return quoted.replaceAll("``", "`").toLowerCase();
}
