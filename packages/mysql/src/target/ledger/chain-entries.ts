import type { ChainPlace, KnownChain, KnownLink } from "@firebreak/target";
import type { MysqlSession } from "../../driver/connect.ts";
import { databaseExists } from "../../driver/server-facts.ts";
import { isOfChain, ledgerSubject } from "./ledger-name.ts";
import { changeLedger, hasLedger, ledgerTable, plainLedgerRow, readLedger } from "./ledger.ts";

/** The links in a database: those of one chain, and whether there are any of others. */
export interface LedgerLinks {
  readonly own: readonly KnownLink[];
  readonly hasOthers: boolean;
}

/** Reads the links that are loaded in a database; none if it has no ledger. */
export async function readLinks(
  session: MysqlSession,
  database: string,
  chain: string,
): Promise<LedgerLinks> {
  if (!(await hasLedger(session, database))) return { own: [], hasOthers: false };
  const rows = await session.rows<{ part: string; archive: string }>(
    `SELECT part, plain_sha256 AS archive FROM ${ledgerTable(database)} WHERE table_name = ''`,
  );
  const links = rows.flatMap(({ part, archive }) => {
    const subject = ledgerSubject(part);
    return subject.kind === "link" ? [{ subject, archive }] : [];
  });
  const own = links.filter(({ subject }) => isOfChain(subject, chain));
  return {
    own: own.map(({ subject: { number }, archive }) => ({ number, archive })),
    hasOthers: own.length < links.length,
  };
}

/**
 * Reads a database's knowledge of an archive's chain.
 *
 * @param isNew true if the archive brings only new tables to the database.
 */
export async function knownChain(
  session: MysqlSession,
  database: string,
  { chain }: ChainPlace,
  isNew: boolean,
): Promise<KnownChain> {
  if (!(await databaseExists(session, database)))
    return { database, links: [], begun: [], hasOthers: false, isNew };
  const { own: links, hasOthers } = await readLinks(session, database, chain);
  const begun = new Map<string, KnownLink>();
  for (const { subject, plainSha256: archive } of await readLedger(session, database))
    if (subject.kind === "delta-table" && isOfChain(subject, chain))
      begun.set(archive, { number: subject.number, archive });
  return { database, links, begun: [...begun.values()], hasOthers, isNew };
}

/** Notes that a link is loaded with all its tables, unless the ledger says so. The ledger must exist. */
export async function noteLink(session: MysqlSession, database: string, place: ChainPlace): Promise<void> {
  const { own } = await readLinks(session, database, place.chain);
  if (own.some((l) => l.archive === place.archive)) return;
  await changeLedger(session, database, plainLedgerRow("", { ...place, kind: "link" }, 0, place.archive));
}

/** Removes all ledger rows of a table. Call it in the transaction that notes the table's new content. */
export async function forgetTable(session: MysqlSession, database: string, table: string): Promise<void> {
  await session.run(`DELETE FROM ${ledgerTable(database)} WHERE table_name = ?`, [table]);
}
