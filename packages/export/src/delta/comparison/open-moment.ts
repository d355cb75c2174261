import { sourceSchema, type MysqlSession, type MysqlTarget, type SourceSchema } from "@firebreak/mysql";
import { namespaceTest, type NamespaceFilter } from "@firebreak/archive";
import { LocalStages, StagePool, type StageRunner } from "@firebreak/workers";
import { exportFault } from "../../export-faults.ts";
import { redefined } from "../../mysql/redefined.ts";
import { takeSnapshot, type Snapshot, type SnapshotThreads } from "../../mysql/take-snapshot.ts";
import { Gate } from "../../parts/gate.ts";
import { YOUNG_MIB } from "../../parts/task-pool.ts";
import { tableWork, type TableStages } from "./table-stages.ts";
import type { ComparisonData } from "./table-worker.ts";

/** Reads and compares tables, in threads or in this one, each with a connection that sees one moment. */
type TableRunner = StageRunner<TableStages> & SnapshotThreads;

/** @param gate holds threads until all have begun. */
function tableRunner(target: MysqlTarget, threads: number, gate: SharedArrayBuffer): TableRunner {
  if (threads === 1) {
    const { work, close } = tableWork(target, () => new Gate(gate).pass());
    return beginning(new LocalStages(work, close));
  }
  const data: ComparisonData = { url: target.url, gate };
  return beginning(
    new StagePool<TableStages>(new URL("./table-worker.js", import.meta.url), threads, data, YOUNG_MIB),
  );
}

function beginning(runner: StageRunner<TableStages>): TableRunner {
  return {
    counters: runner.counters,
    run: (stage, task) => runner.run(stage, task),
    begin: () => runner.run("begin", undefined),
    close: () => runner.close(),
  };
}

/** One moment of a server, and its schema then. Close it when done. */
export interface Moment extends Snapshot<TableRunner> {
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
  const taken = await takeSnapshot(target, session, { tables, jobs }, (threads, gate) =>
    tableRunner(target, threads, gate),
  );
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
