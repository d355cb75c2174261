import { safeName, type MysqlNamespace, type MysqlTable, type SourceNamespace, type StepEvent } from "@firebreak/archive";
import { namespaceOf } from "../mysql-folder.ts";
import { describeTables, tableAgain, tableDirectories } from "../to-tables.ts";
import type { FolderTask } from "../transform.ts";
import type { ProfiledArchive } from "./profiled-archive.ts";

/** What became of the namespaces of no group on their way to MySQL. */
export interface TablesAgain {
  readonly tables: readonly MysqlTable[];
  readonly namespaces: readonly MysqlNamespace[];
  /** Those that never were a table: nothing says what they should become. */
  readonly staying: readonly SourceNamespace[];
}

/** Makes collections that were tables those tables again, beside an application's own. */
export async function* tablesAgain(
  task: FolderTask,
  { pass, plan, others }: ProfiledArchive,
): AsyncGenerator<StepEvent, TablesAgain> {
  const described = await describeTables(task, others);
  const known = others.flatMap((ns, i) => {
    const again = described[i];
    return again === undefined ? [] : [{ ns, again }];
  });
  const isHidden = task.source.encryption?.names === "hidden";
  const names = tableDirectories(known.map(({ again }) => again));
  const taken = new Set(plan.tables.map(({ table }) => safeName(table)));
  const tables: MysqlTable[] = [];
  const namespaces: MysqlNamespace[] = [];
  for (const [i, { ns, again }] of known.entries()) {
    const name = names[i]!;
    const free = taken.has(name) ? safeName(`${again.database}.${again.table}`) : name;
    const directory = isHidden ? String(plan.tables.length + i).padStart(5, "0") : free;
    const { written, table } = yield* tableAgain(pass, ns, again, directory);
    tables.push(table);
    namespaces.push(namespaceOf(ns, written));
  }
  return { tables, namespaces, staying: others.filter((_, i) => described[i] === undefined) };
}
