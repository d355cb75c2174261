import {
  addLink,
  databaseExists,
  readLedger,
  readLinks,
  type ChainPlace,
  type MysqlSession,
} from "@firebreak/mysql";
import { newestDelta } from "./delta-plan.ts";

/**
 * Returns the newest delta of a full archive's chain in a target, complete or begun; undefined if there is
 * none, and the archive itself may be loaded.
 */
export async function laterDelta(
  session: MysqlSession,
  databases: readonly string[],
  chainSha256: string,
): Promise<{ readonly number: number; readonly isWhole: boolean } | undefined> {
  let number = 0;
  let whole = 0;
  for (const database of databases) {
    if (!(await databaseExists(session, database))) continue;
    for (const link of await readLinks(session, database))
      if (chainSha256.startsWith(link.chain)) whole = Math.max(whole, link.number);
    number = Math.max(number, newestDelta([await readLedger(session, database)], chainSha256) ?? 0, whole);
  }
  return number === 0 ? undefined : { number, isWhole: whole === number };
}

/** Records in each database that a link is in, unless it is already recorded. */
export async function noteLink(
  session: MysqlSession,
  databases: Iterable<string>,
  place: ChainPlace,
  sha256: string,
): Promise<void> {
  for (const database of databases) {
    const links = await readLinks(session, database);
    if (!links.some((l) => l.sha256 === sha256)) await addLink(session, database, place, sha256);
  }
}
