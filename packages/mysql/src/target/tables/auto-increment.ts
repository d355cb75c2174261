import { FirebreakError, type Reason } from "@firebreak/archive";
import { quoteIdentifier } from "@firebreak/mysql-format";
import type { MysqlSession } from "../../driver/connect.ts";
import { isRefusal } from "../../driver/mysql-faults.ts";
import { mysqlReason } from "../../driver/mysql-reasons.ts";
import { tableName } from "../../driver/server-facts.ts";

/** A counter that is ahead of the wanted number and could not be set back. */
export interface UnsetCounter {
  readonly column: string;
  readonly next: string;
  readonly wanted: string;
  readonly reason: Reason;
}

/**
 * Sets a table's AUTO_INCREMENT counter to the number after the largest value, even if rows that
 * were rolled back had moved it on. It runs ALTER TABLE only if the counter is wrong, so only then
 * does the user need that privilege.
 *
 * @returns the counter that stays wrong; undefined if it is right or the table has none.
 */
export async function settleAutoIncrement(
  session: MysqlSession,
  database: string,
  table: string,
): Promise<UnsetCounter | undefined> {
  const [found] = await session.rows<{ name: string }>(
    "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = ? AND table_name = ? AND extra LIKE '%auto_increment%'",
    [database, table],
  );
  if (found === undefined) return undefined;
  const target = tableName(database, table);
  const [largest] = await session.rows<{ n: string | null }>(
    `SELECT CAST(MAX(${quoteIdentifier(found.name)}) AS CHAR) AS n FROM ${target}`,
  );
  const after = BigInt(largest?.n ?? "0") + 1n;
  const wanted = after > 0n ? after : 1n;
  const next = await nextOf(session, target);
  if (next === wanted) return undefined;
  const unset = { column: found.name, next: String(next), wanted: String(wanted) };
  try {
    await session.run(`ALTER TABLE ${target} AUTO_INCREMENT = ${wanted}`);
  } catch (error) {
    if (!isRefusal(error) && !(error instanceof FirebreakError && error.exitCode === 6)) throw error;
    return { ...unset, reason: String(error.fields["reason"]) };
  }
  const now = await nextOf(session, target);
  return now === wanted
    ? undefined
    : { ...unset, next: String(now), reason: mysqlReason("counter-kept", { next: String(now) }) };
}

/** Reads the counter from the engine, since information_schema may be a day late (manual, 28.3.38). */
async function nextOf(session: MysqlSession, target: string): Promise<bigint> {
  const [row] = await session.rows<Record<string, string>>(`SHOW CREATE TABLE ${target}`);
  const options = row!["Create Table"]!.split("\n").at(-1)!;
  return BigInt(/ AUTO_INCREMENT=(\d+)/.exec(options)?.[1] ?? "1");
}
