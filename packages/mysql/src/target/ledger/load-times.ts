import { quoteIdentifier } from "@firebreak/mysql-format";
import type { MysqlSession } from "../../driver/connect.ts";
import { LEDGER } from "./ledger.ts";
import { ledgerSubject, type LedgerSubject } from "./ledger-name.ts";
import { tableFacts } from "../../driver/table-facts.ts";
import { lockName } from "../target-lock.ts";

/** A part or a repair, with the time when it was loaded, by the target's clock. */
export interface LoadTime {
  readonly table: string;
  readonly part: string;
  readonly subject: LedgerSubject;
  readonly rowCount: number;
  /** The number of those rows that were there before. Undefined if the part was not merged. */
  readonly presentCount: number | undefined;
  readonly quarantinedCount: number;
  readonly plainSha256: string;
  readonly loadedAtMs: number;
}

/**
 * Reads all that a database's ledger says about tables, with the target's own time. `times` is
 * empty if there is no ledger.
 */
export async function loadTimes(
  session: MysqlSession,
  database: string,
): Promise<{ times: LoadTime[]; nowMs: number }> {
  const [clock] = await session.rows<{ now: string }>("SELECT CAST(UTC_TIMESTAMP(3) AS CHAR) AS now");
  const nowMs = milliseconds(clock!.now);
  if ((await tableFacts(session, database, LEDGER)) === undefined) return { times: [], nowMs };
  const rows = await session.rows<SqlRow>(
    `SELECT * FROM ${quoteIdentifier(database)}.${quoteIdentifier(LEDGER)}`,
  );
  const times = rows.flatMap((r): LoadTime[] => {
    const subject = ledgerSubject(r.part);
    if (subject.kind === "link" || subject.kind === "direct") return [];
    return [
      {
        table: r.table_name,
        part: r.part,
        subject,
        rowCount: Number(r.row_count),
        presentCount: r.present_count == null ? undefined : Number(r.present_count),
        quarantinedCount: Number(r.quarantined_count),
        plainSha256: r.plain_sha256,
        loadedAtMs: milliseconds(r.loaded_at),
      },
    ];
  });
  return { times, nowMs };
}

interface SqlRow {
  readonly table_name: string;
  readonly part: string;
  readonly row_count: string | number;
  readonly quarantined_count: string | number;
  readonly plain_sha256: string;
  readonly loaded_at: string;
  readonly present_count?: string | number | null;
}

/** Returns the connection of the run that holds the lock of a database; undefined if no run is at work. */
export async function loadConnection(session: MysqlSession, database: string): Promise<string | undefined> {
  const name = lockName(database);
  const [row] = await session.rows<{ id: string | null }>("SELECT CAST(IS_USED_LOCK(?) AS CHAR) AS id", [
    name,
  ]);
  return row?.id ?? undefined;
}

/** Parses a date of the server, which arrives as text in UTC. */
function milliseconds(text: string): number {
  return Date.parse(`${text.replace(" ", "T")}Z`);
}
