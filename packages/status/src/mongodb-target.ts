import type { MongodbManifest } from "@firebreak/archive";
import { connectMongodb, explainMongodb, readLoadLedger, TargetLock } from "@firebreak/mongodb";
import { targetStateOf, type DatabaseLedger, type TargetState } from "./target-state.ts";

/**
 * The same of a MongoDB. Takes no more than `read`.
 *
 * @throws {FirebreakError} of mongodb.
 */
export async function mongodbTargetState(url: string, manifest: MongodbManifest): Promise<TargetState> {
  const target = await connectMongodb(url);
  try {
    const expected = manifest.collections.map(({ namespace, database, collection, digest, parts }) => ({
      namespace,
      database: target.database ?? database,
      table: collection,
      rowCount: digest.rowCount,
      parts,
    }));
    const { localTime } = (await target.client.db("admin").command({ hello: 1 })) as { localTime?: Date };
    const ledgers: DatabaseLedger[] = [];
    for (const database of new Set(expected.map((t) => t.database))) {
      const { parts } = await readLoadLedger(target, database);
      const loadProcess = await TargetLock.holder(target, database);
      ledgers.push({
        database,
        loadConnection: undefined,
        ...(loadProcess === undefined ? {} : { loadProcess }),
        repairs: 0,
        arrivals: parts.map(({ collection, file, plainSha256, digest, quarantine, loadedAt }) => ({
          table: collection,
          part: file,
          plainSha256,
          rowCount: digest.rowCount,
          quarantinedCount: quarantine?.lineCount ?? 0,
          loadedAtMs: loadedAt.getTime(),
        })),
        nowMs: localTime?.getTime() ?? Date.now(),
      });
    }
    return targetStateOf(target.server, expected, ledgers);
  } catch (error) {
    throw explainMongodb(error, target.server);
  } finally {
    await target.client.close();
  }
}
