import type { MongodbManifest } from "@firebreak/archive";
import {
  connectMongodb,
  explainMongodb,
  readLoadLedger,
  TargetLock,
  type LoadLedger,
} from "@firebreak/mongodb";
import type { ChainPlace } from "@firebreak/target";
import { quarantinedOnce, targetStateOf, type DatabaseLedger, type TargetState } from "./target-state.ts";

/**
 * Reads the progress of a load into MongoDB, also of one that runs elsewhere at this moment. It needs only
 * the right to read.
 *
 * @param place of the archive in its chain. For a delta it looks only at collections that the delta changes.
 * @throws {FirebreakError} from MongoDB.
 */
export async function mongodbTargetState(
  url: string,
  manifest: MongodbManifest,
  place: ChainPlace,
): Promise<TargetState> {
  const target = await connectMongodb(url);
  try {
    const isDelta = manifest.delta !== undefined;
    const link = isDelta ? manifest.sourceManifestSha256 : undefined;
    const databases = new Set(manifest.collections.map((c) => target.database ?? c.database));
    const collections = manifest.collections.filter((c) => !isDelta || c.change !== undefined);
    const keys = new Set(collections.flatMap((c) => c.keys ?? []).map((k) => k.file));
    const quarantined = quarantinedOnce(manifest.namespaces);
    const expected = collections.map(({ namespace, database, collection, digest, parts }) => ({
      namespace,
      database: target.database ?? database,
      table: collection,
      rowCount: isDelta ? parts.reduce((sum, p) => sum + p.lineCount, 0) : digest.rowCount,
      parts,
      quarantined: quarantined(namespace),
    }));
    const { localTime } = (await target.client.db("admin").command({ hello: 1 })) as { localTime?: Date };
    const ledgers: DatabaseLedger[] = [];
    for (const database of databases) {
      const { parts: all, chains } = await readLoadLedger(target, database);
      const parts = all.filter((p) => p.link === link && !keys.has(p.file));
      const links = linksIn(chains, place);
      const loadProcess = await TargetLock.holder(target, database);
      ledgers.push({
        database,
        loadConnection: undefined,
        ...(loadProcess === undefined ? {} : { loadProcess }),
        ...(links === undefined ? {} : { link: links }),
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

/** Returns the number of an archive in its chain, and that of the newest link that is loaded. */
function linksIn(
  chains: LoadLedger["chains"],
  { chain: chainSha256, number }: ChainPlace,
): { readonly number: number; readonly newest: number } | undefined {
  const chain = chains.find((c) => c.chain === chainSha256);
  return chain === undefined ? undefined : { number, newest: chain.links.length - 1 };
}
