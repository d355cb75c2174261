import type { OpenStatus, StatusTarget } from "@firebreak/target";
import { connectMongodb } from "../driver/connect.ts";
import { explainMongodb } from "../driver/mongodb-faults.ts";
import { readLoadLedger } from "./ledger/load-ledger.ts";
import { TargetLock } from "./target-lock.ts";

/** A MongoDB whose ledgers say how far a load is. It needs only the right to read. */
export function mongodbStatusTarget(url: string): StatusTarget {
  return {
    open: async ({ chain, archive, base }): Promise<OpenStatus> => {
      const target = await connectMongodb(url);
      const link = base === undefined ? undefined : archive;
      return {
        server: target.server,
        database: target.database,
        partName: (file) => file,
        explain: (error) => explainMongodb(error, target.server),
        close: () => target.client.close(),
        ledger: async (database) => {
          const hello = await target.client.db("admin").command({ hello: 1 });
          const { parts, chains } = await readLoadLedger(target, database);
          const links = chains.find((c) => c.chain === chain)?.links;
          return {
            loadProcess: await TargetLock.holder(target, database),
            newestLink: links === undefined ? undefined : links.length - 1,
            repairs: 0,
            arrivals: parts
              .filter((p) => p.link === link)
              .map(({ collection, file, plainSha256, digest, quarantine, loadedAt }) => ({
                table: collection,
                part: file,
                plainSha256,
                rowCount: digest.rowCount,
                quarantinedCount: quarantine?.lineCount ?? 0,
                loadedAtMs: loadedAt.getTime(),
              })),
            nowMs: hello["localTime"] instanceof Date ? hello["localTime"].getTime() : Date.now(),
          };
        },
      };
    },
  };
}
