import type { MysqlManifest } from "@firebreak/archive";
import { knownChain, type MysqlSession } from "@firebreak/mysql";
import {
  chainRefusal,
  chainVerdict,
  type ChainPlace,
  type ChainVerdict,
  type KnownChain,
} from "@firebreak/target";

/**
 * Decides from the ledgers of databases whether an archive is the next link of its chain there.
 *
 * @throws {FirebreakError} `delta-base-missing`, `delta-other-chain`, `delta-link-missing` or `delta-forked`
 */
export async function verdictOf(
  session: MysqlSession,
  place: ChainPlace,
  manifest: Pick<MysqlManifest, "tables">,
  databases: readonly string[],
): Promise<Exclude<ChainVerdict, { what: "refused" }>> {
  const known: KnownChain[] = [];
  for (const database of databases) {
    const own = manifest.tables.filter((t) => (session.target.database ?? t.database) === database);
    known.push(
      await knownChain(
        session,
        database,
        place,
        own.every((t) => t.change === "whole"),
      ),
    );
  }
  const verdict = chainVerdict(place, known, { announcesLinks: false });
  if (verdict.what === "refused") throw chainRefusal(session.target.server, place, verdict);
  return verdict;
}
