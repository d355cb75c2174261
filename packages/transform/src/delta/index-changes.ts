import type { MysqlTable } from "@firebreak/archive";
import { indexColumns, quoteIdentifier } from "@firebreak/mysql-format";
import { freeName, type IndexPlan } from "../tables/index-plan.ts";

type Index = MysqlTable["indexes"][number];

/** The indexes of a table after a delta, and the statements that make them of those before. */
interface IndexChanges {
  readonly indexes: readonly Index[];
  readonly statements: readonly string[];
}

/**
 * Finds what changed among the indexes of a collection. An index whose columns are the same stays as it is,
 * even if it would get another prefix or name today. No new index gets the name of an old one, so that a name
 * tells whether a statement was run.
 */
export function indexChanges(
  { table, indexes }: Pick<MysqlTable, "table" | "indexes">,
  plan: IndexPlan,
): IndexChanges {
  const left = [...indexes];
  const taken = new Set(indexes.map(({ name }) => name.toLowerCase()));
  const created: string[] = [];
  const after = plan.indexes.map((planned): Index => {
    const i = left.findIndex((old) => isSame(old, planned, plan.unique.has(planned.name)));
    if (i >= 0) return left.splice(i, 1)[0]!;
    const name = freeName(planned.name, taken);
    const statement = renamed(planned, name);
    created.push(statement);
    return { name, statement };
  });
  const dropped = left.map(
    ({ name }) => `ALTER TABLE ${quoteIdentifier(table)} DROP INDEX ${quoteIdentifier(name)}`,
  );
  return { indexes: after, statements: [...dropped, ...created] };
}

const UNIQUE = "CREATE UNIQUE ";

function isSame(old: Index, planned: Index, isUniqueAtSource: boolean): boolean {
  const columnsOf = ({ statement }: Index): string =>
    JSON.stringify(indexColumns(statement).map(({ name, isDescending }) => [name, isDescending]));
  if (columnsOf(old) !== columnsOf(planned)) return false;
  return old.statement.startsWith(UNIQUE) ? isUniqueAtSource : !planned.statement.startsWith(UNIQUE);
}

function renamed({ name, statement }: Index, to: string): string {
  return statement.replace(` INDEX ${quoteIdentifier(name)} ON `, () => ` INDEX ${quoteIdentifier(to)} ON `);
}
