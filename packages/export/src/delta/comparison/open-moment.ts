import { sourceSchema, type MysqlSession, type MysqlTarget, type SourceSchema } from "@firebreak/mysql";
import { namespaceTest, type NamespaceFilter } from "@firebreak/archive";
import { StagePool } from "@firebreak/workers";
import { exportFault } from "../../export-faults.ts";
import { redefined } from "../../mysql/redefined.ts";
import { takeSnapshot, type Snapshot } from "../../mysql/take-snapshot.ts";
import type { ComparisonData, TableStages } from "./table-worker.ts";

/** Threads that read and compare tables, each with a connection that sees one moment. */
class TablePool extends StagePool<TableStages> {
  begin(): Promise<void> {
    return this.run("begin", undefined);
  }
}

/** One moment of a server, and its schema then. Close it when done. */
export interface Moment extends Snapshot<TablePool> {
  readonly schema: SourceSchema;
}

/**
 * Begins to read a server as it is now, over `jobs` connections if the user may lock tables for a moment.
 *
 * @throws {FirebreakError} of mysql; `source-redefined` if something was created, altered or dropped at that
 * moment.
 */
export async function openMoment(
  target: MysqlTarget,
  session: MysqlSession,
  filter: NamespaceFilter,
  jobs: number,
): Promise<Moment> {
  const isWanted = namespaceTest(filter);
  const before = await sourceSchema(session, isWanted);
  const tables = before.tables.filter((t) => t.kind === "table");
  const taken = await takeSnapshot(target, session, { tables, jobs }, (threads, gate) => {
    const data: ComparisonData = { url: target.url, gate };
    return new TablePool(new URL("./table-worker.js", import.meta.url), threads, data);
  });
  try {
    const schema = await sourceSchema(session, isWanted);
    const changed = redefined(before, schema);
    if (changed !== undefined)
      throw exportFault("source-redefined", { server: target.server, name: changed });
    return { ...taken, schema };
  } catch (error) {
    await taken.close();
    throw error;
  }
}
