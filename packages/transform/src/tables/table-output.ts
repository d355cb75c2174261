import { apartName, apartNames, type MysqlTable, type SourceNamespace } from "@firebreak/archive";
import { CollectionToTable } from "./collection-to-table.ts";
import { describeTables, type DescribedPlan } from "./described-table.ts";
import type { FolderTask } from "../folder-task.ts";
import { lineCountOf, writeNamespace, type Pass } from "../lines/passes.ts";
import { completeMysqlFolder, originalTableOf } from "./mysql-folder.ts";
import { numbered, useOf, type Made, type Output, type PlannedTarget } from "../output.ts";
import { nameTables, type NamedTable } from "./table-names.ts";
import type { TransformEvent } from "../transform-notes.ts";

/**
 * Tables for MySQL: CSV, DDL and digests. A table of MySQL becomes itself again, and so does a collection that
 * was made of one, because their descriptions define them. For any other collection, a survey of all documents
 * comes first.
 */
export const TABLES: Output<MysqlTable> = {
  to: "mysql",
  items: "rows",
  isReadOnce: false,
  plan: planTables,
  complete: completeMysqlFolder,
  targetAccount: ({ namespace }, tables) => ({
    tables: tables
      .filter((t) => t.namespace === namespace)
      .map(({ table, parts, partsExtra, extra }) => ({
        table,
        rows: lineCountOf(parts),
        extra: partsExtra ?? extra,
      })),
  }),
};

/** The names of tables and their folders, if they are already known. */
interface KnownNames {
  readonly names?: readonly NamedTable[];
  readonly directories?: readonly string[];
  /** The subfolder for the tables' folders, with its slash. It keeps them apart from other folders. */
  readonly below?: string;
}

/** Plans tables by the generic mapping. */
export async function planTables(
  task: FolderTask,
  namespaces: readonly SourceNamespace[],
  { names = nameTables(namespaces), directories, below = "" }: KnownNames = {},
): Promise<PlannedTarget<MysqlTable>[]> {
  const described = await describeTables(task, namespaces);
  const named = names.map((name, i) => described[i] ?? name);
  const folders = directories ?? tableDirectories(named, task);
  return namespaces.map((ns, i) => {
    const directory = `${below}${folders[i]!}`;
    const known = described[i];
    return known === undefined
      ? new CollectionToTable(ns, directory, names[i]!, task.targetFacts)
      : new TableAgain(ns, directory, known);
  });
}

/** Names each folder after its table. If two databases have that table, the database's name comes first. */
export function tableDirectories(
  named: readonly NamedTable[],
  { source }: Pick<FolderTask, "source">,
): string[] {
  if (source.encryption?.names === "hidden") return numbered(named.length);
  const count = new Map<string, number>();
  for (const { table } of named) count.set(table, (count.get(table) ?? 0) + 1);
  return named.map(({ database, table }) =>
    count.get(table) === 1 ? apartName(table) : apartNames(database, table),
  );
}

/** Makes a table of MySQL again, by its description. */
class TableAgain implements PlannedTarget<MysqlTable> {
  readonly ns: SourceNamespace;
  readonly directory: string;
  readonly readings = 1;
  readonly #described: DescribedPlan;

  constructor(ns: SourceNamespace, directory: string, described: DescribedPlan) {
    this.ns = ns;
    this.directory = directory;
    this.#described = described;
  }

  async *write(pass: Pass): AsyncGenerator<TransformEvent, Made<MysqlTable>> {
    const { plan, notCarried } = this.#described;
    const mapping = { to: "rows", by: "plan", plan } as const;
    const written = yield* writeNamespace(pass, this.ns, { mapping, directory: this.directory });
    return { entry: originalTableOf(plan, written), use: useOf(this.ns, written, notCarried) };
  }
}
