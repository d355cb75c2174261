import type { ChainPlace, OpenStatus, StatusTarget } from "@firebreak/target";
import { MysqlSession, mysqlTarget } from "../driver/connect.ts";
import { readLinks } from "./ledger/chain-entries.ts";
import { isOfChain, ledgerName, partOf } from "./ledger/ledger-name.ts";
import { loadTimes, type LoadTime } from "./ledger/ledger.ts";
import { TargetLock } from "./target-lock.ts";

/** A MySQL or MariaDB whose ledgers say how far a load is. It needs only SELECT. */
export function mysqlStatusTarget(url: string): StatusTarget {
  return {
    open: async (place): Promise<OpenStatus> => {
      const target = mysqlTarget(url);
      const session = await MysqlSession.open(target);
      return {
        server: target.server,
        database: target.database,
        partName: (file) => ledgerName(partOf(place, file)),
        explain: (error) => error,
        close: () => session.close(),
        ledger: async (database) => {
          const connection = await TargetLock.holder(session, database);
          const { times, nowMs } = await loadTimes(session, database);
          const parts = times.filter((t) => t.subject.kind !== "repair");
          const { own } = await readLinks(session, database, place.chain);
          return {
            loadConnection: connection,
            newestLink: own.length === 0 ? undefined : Math.max(...own.map((l) => l.number)),
            repairs: times.length - parts.length,
            arrivals: parts
              .filter((t) => !isOfOtherLink(t, place))
              .map((t) => ({ ...t, part: ledgerName(t.subject) })),
            nowMs,
          };
        },
      };
    },
  };
}

/** Returns true if a part came with another link of the chain; parts of other chains are foreign. */
function isOfOtherLink({ subject }: LoadTime, { chain, number }: ChainPlace): boolean {
  if (!("chain" in subject)) return number > 0;
  return isOfChain(subject, chain) && (subject.number !== number || subject.kind === "delta-table");
}
