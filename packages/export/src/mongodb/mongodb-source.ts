import type { NamespaceFilter } from "@firebreak/archive";
import {
  connectMongodb,
  hasSnapshots,
  listSource,
  majorityTime,
  namesIn,
  withRetry,
} from "@firebreak/mongodb";
import { countAgain } from "./count-again.ts";
import type { ExportSource } from "../export-source.ts";
import { namesAdminNotes } from "./names-admin.ts";
import { planTasks } from "./plan-tasks.ts";
import type { RangeWorkerData } from "./range-worker.ts";
import { taskPool } from "../parts/task-pool.ts";
import type { RangeTask } from "./write-range.ts";

/**
 * Opens a MongoDB server as a source that is read in key ranges.
 *
 * @throws {FirebreakError} of mongodb.
 */
export async function openMongodbSource(
  url: string,
  filter: NamespaceFilter,
): Promise<ExportSource<RangeTask>> {
  const source = await connectMongodb(url);
  try {
    const watermark = await majorityTime(source);
    const { namespaces, leftOut } = await listSource(source, filter);
    return {
      settings: { source: "mongodb" },
      place: source.server,
      server: `MongoDB ${source.version}`,
      collections: namespaces,
      leftOut,
      allNames: async () => {
        const all = await listSource(source, { include: [], exclude: [] });
        return [...all.namespaces, ...namespaces].map((n) => n.namespace);
      },
      notes: namesAdminNotes(source),
      databases: [],
      consistency: "document",
      watermark,
      changes:
        watermark === undefined || !hasSnapshots(source)
          ? undefined
          : async (since) =>
              (await import("../delta/stream/stream-source.ts")).openStreamSource(source, since),
      position: undefined,
      changedNote: undefined,
      pool: (jobs) =>
        taskPool(
          new URL("./range-worker.js", import.meta.url),
          jobs,
          (counters) => ({ url, counters }) satisfies RangeWorkerData,
        ),
      tasks: (options, progress, expect) => planTasks(options, source, namespaces, progress, expect),
      lookAgain: (read, { giveUpAfterMs }) => countAgain(source, read, giveUpAfterMs),
      namesNow: (databases, { giveUpAfterMs }) =>
        withRetry({ giveUpAfterMs }, () => namesIn(source, databases)),
      close: () => source.client.close(),
    };
  } catch (error) {
    await source.client.close();
    throw error;
  }
}
