import { quoteIdentifier } from "@firebreak/mysql-format";
import type { MysqlSession } from "../driver/connect.ts";
import { changeLedger, LEDGER } from "./ledger.ts";
import { tableFacts } from "../driver/table-facts.ts";

/**
 * The position of an archive in its chain. `chainSha256` is the hash of the manifest of the full
 * archive that begins the chain; `number` is 0 for that archive.
 */
export interface ChainPlace {
  readonly chainSha256: string;
  readonly number: number;
}

/** A link of a chain that is loaded in a database. */
export interface LinkEntry {
  /** The first 16 hex digits of the chain's SHA-256. */
  readonly chain: string;
  readonly number: number;
  /** SHA-256 of the link's manifest. */
  readonly sha256: string;
}

/**
 * The subject of a delta's row in the ledger: one file of the delta, or the whole table if `file`
 * is undefined.
 */
export interface DeltaEntry {
  readonly chain: string;
  readonly number: number;
  readonly file: string | undefined;
}

/** Returns the digits by which the ledger identifies a chain. */
export function chainOf(chainSha256: string): string {
  return chainSha256.slice(0, 16);
}

/**
 * Returns the ledger's name for a delta's work on a table, or for one loaded part of the delta. No
 * part of a full archive has a name of this form.
 */
export function deltaPart({ chainSha256, number }: ChainPlace, file?: string): string {
  return `delta/${chainOf(chainSha256)}/${number}${file === undefined ? "" : `/${file}`}`;
}

/** Parses a name that `deltaPart` made. Returns undefined for any other name. */
export function deltaEntryOf(part: string): DeltaEntry | undefined {
  const [, chain, number, file] = /^delta\/([0-9a-f]{16})\/(\d+)(?:\/(.+))?$/s.exec(part) ?? [];
  return chain === undefined ? undefined : { chain, number: Number(number), file };
}

/** Returns the ledger's name for a whole link that is loaded. Such a row belongs to no table. */
function linkPart({ chainSha256, number }: ChainPlace): string {
  return `archive/${chainOf(chainSha256)}/${number}`;
}

/** Reads all links of all chains that are loaded in a database; none if it has no ledger. */
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

/**
 * Notes that a link is loaded with all its tables. The ledger must exist. Noting a link again
 * changes only the time.
 */
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

/** Removes all ledger rows of a table. Call it in the transaction that notes the table's new content. */
export async function forgetTable(session: MysqlSession, database: string, table: string): Promise<void> {
  await session.run(`DELETE FROM ${ledgerOf(database)} WHERE table_name = ?`, [table]);
}

function ledgerOf(database: string): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(LEDGER)}`;
}
