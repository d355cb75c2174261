import { randomUUID } from "node:crypto";
import { hasIdle, namespaceTest, objectNames, type NamespaceFilter } from "@firebreak/archive";
import {
  mysqlTarget,
  openReader,
  sourceSchema,
  type MysqlSession,
  type SourceSchema,
} from "@firebreak/mysql";
import { besides } from "./besides.ts";
import { exportFault } from "../export-faults.ts";
import type { ExportSource } from "../export-source.ts";
import { isInSnapshot, mysqlNotes } from "./mysql-notes.ts";
import { planTables } from "./plan-tables.ts";
import { redefined } from "./redefined.ts";
import { takeSnapshot, type Snapshot, type SnapshotThreads } from "./take-snapshot.ts";
import type { TableTask, TableWorkerData } from "./table-worker.ts";
import { taskPool, type TaskPool } from "../parts/task-pool.ts";

/**
 * Opens a MySQL or MariaDB server as a source. All its rows are as they are at the moment of this call.
 *
 * @throws {FirebreakError} of mysql; `source-redefined` if something was created, altered or dropped at that
 * moment; `source-names-alike`.
 */
export async function openMysqlSource(
  url: string,
  filter: NamespaceFilter,
  jobs: number,
): Promise<ExportSource<TableTask>> {
  const target = mysqlTarget(url);
  const session = await openReader(target);
  let snapshot: Snapshot<TablePool> | undefined;
  try {
    const isWanted = namespaceTest(filter);
    const before = await sourceSchema(session, isWanted);
    assertNamesDiffer(before, target.server);
    const tables = before.tables.filter((t) => t.kind === "table");
    const taken = await takeSnapshot(target, session, { tables, jobs }, (threads, gate) =>
      tablePool(target.url, threads, gate),
    );
    snapshot = taken;
    const schema = await sourceSchema(session, isWanted);
    const changed = redefined(before, schema);
    if (changed !== undefined)
      throw exportFault("source-redefined", { server: target.server, name: changed });
    const seen = namesOf(schema);
    const names = hasIdle(filter.include, seen) ? namesOf(await sourceSchema(session, () => true)) : seen;
    const isWhole = tables.every(isInSnapshot);
    const { position } = taken;
    // If nothing proves that the server has not moved, a later run must not reuse the parts of this one.
    const state = isWhole || position.hasLog ? position.proof : undefined;
    return {
      settings: { source: "mysql", state: state ?? `unknown ${randomUUID()}` },
      place: target.server,
      server: await serverName(session),
      position: position.text,
      consistency: isWhole ? "snapshot" : "document",
      watermark: undefined,
      changes: undefined,
      collections: schema.tables,
      allNames: async () => names,
      ...besides(schema, []),
      withUnread: (unread) => besides(schema, unread),
      leftOut: [],
      hasObjects: schema.databases.some((d) => objectNames(d).length > 1),
      notes: mysqlNotes(session, schema, taken),
      changedNote: {
        kind: "note",
        code: "snapshot-moved",
        fields: { server: target.server, isKnown: state !== undefined },
      },
      pool: () => taken.pool,
      tasks: (options, progress, expect) =>
        planTables(options, taken.planner, schema.tables, progress, expect),
      lookAgain: () => [],
      close: () => taken.close(),
    };
  } catch (error) {
    await snapshot?.close();
    throw error;
  } finally {
    await session.close();
  }
}

type TablePool = TaskPool<TableTask> & SnapshotThreads;

function tablePool(url: string, threads: number, gate: SharedArrayBuffer): TablePool {
  const file = new URL("./table-worker.js", import.meta.url);
  const dataOf = (counters: SharedArrayBuffer): TableWorkerData => ({ url, counters, gate });
  const pool = taskPool<TableTask>(file, threads, dataOf);
  return { ...pool, begin: () => pool.run("begin") };
}

/** Names may contain points, so two tables may have one name in the archive, and would be one table there. */
function assertNamesDiffer({ tables }: SourceSchema, server: string): void {
  for (const [namespace, alike] of Map.groupBy(tables, (t) => t.namespace))
    if (alike.length > 1)
      throw exportFault("source-names-alike", {
        server,
        namespace,
        databases: alike.map((t) => t.database),
      });
}

export async function serverName(session: MysqlSession): Promise<string> {
  const [row] = await session.rows<{ version: string }>("SELECT VERSION() AS version");
  const { version } = row!;
  return /mariadb/i.test(version) ? `MariaDB ${version.replace(/-mariadb.*$/i, "")}` : `MySQL ${version}`;
}

function namesOf({ tables, databases }: Pick<SourceSchema, "tables" | "databases">): string[] {
  return [...tables.map((t) => t.namespace), ...databases.flatMap(objectNames)];
}
