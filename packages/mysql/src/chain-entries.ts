import { quoteIdentifier } from "@firebreak/archive";
import type { MysqlSession } from "./connect.ts";
import { changeLedger, LEDGER } from "./ledger.ts";
import { tableFacts } from "./table-facts.ts";

/** Where an archive stands in its chain: by the manifest of the full archive that this begins with, and its number, 0 for that one. */
export interface ChainPlace {
  readonly chainSha256: string;
  readonly number: number;
}

/** A link of a chain that is in a database. */
export interface LinkEntry {
  /** The first 16 hex digits of the chain's SHA-256. */
  readonly chain: string;
  readonly number: number;
  /** SHA-256 of the link's manifest. */
  readonly sha256: string;
}

/** What the ledger's row of a delta is about: its file, or with none of the table as a whole. */
export interface DeltaEntry {
  readonly chain: string;
  readonly number: number;
  readonly file: string | undefined;
}

/** The digits that the ledger knows a chain by. */
export function chainOf(chainSha256: string): string {
  return chainSha256.slice(0, 16);
}

/**
 * What the ledger calls a delta's work on a table, or a part of it that is in; no
 * part of a whole archive has a name of this form.
 */
export function deltaPart({ chainSha256, number }: ChainPlace, file?: string): string {
  return `delta/${chainOf(chainSha256)}/${number}${file === undefined ? "" : `/${file}`}`;
}

/** Undefined for what is no delta's. */
export function deltaEntryOf(part: string): DeltaEntry | undefined {
  const [, chain, number, file] = /^delta\/([0-9a-f]{16})\/(\d+)(?:\/(.+))?$/s.exec(part) ?? [];
  return chain === undefined ? undefined : { chain, number: Number(number), file };
}

/** What the ledger calls a whole link that is in; such a row is of no table. */
function linkPart({ chainSha256, number }: ChainPlace): string {
  return `archive/${chainOf(chainSha256)}/${number}`;
}

/** All links of all chains that are in a database; none where it has no ledger. */
export async function readLinks(session: MysqlSession, database: string): Promise<LinkEntry[]> {
  if ((await tableFacts(session, database, LEDGER)) === undefined) return [];
  const rows = await session.rows<{ part: string; sha256: string }>(
    `SELECT part, plain_sha256 AS sha256 FROM ${ledgerOf(database)} WHERE table_name = ''`,
  );
  return rows.flatMap(({ part, sha256 }) => {
    const [, chain, number] = /^archive\/([0-9a-f]{16})\/(\d+)$/.exec(part) ?? [];
    return chain === undefined ? [] : [{ chain, number: Number(number), sha256 }];
  });
}

/** Notes that a link is in, with all its tables; there must be a ledger. Noting it again changes nothing but the time. */
export async function addLink(
  session: MysqlSession,
  database: string,
  place: ChainPlace,
  sha256: string,
): Promise<void> {
  await changeLedger(session, database, {
    table: "",
    part: linkPart(place),
    rowCount: 0,
    quarantinedCount: 0,
    quarantine: undefined,
    plainSha256: sha256,
  });
}

/** Takes all that was noted of a table out of the ledger; in the transaction that notes what is there instead. */
export async function forgetTable(session: MysqlSession, database: string, table: string): Promise<void> {
  await session.run(`DELETE FROM ${ledgerOf(database)} WHERE table_name = ?`, [table]);
}

function ledgerOf(database: string): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(LEDGER)}`;
}
