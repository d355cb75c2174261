import type { MysqlSession } from "@firebreak/mysql";
import type { Counters } from "./watch.ts";

const READS = ["Com_select"];
const WRITES = ["Com_insert", "Com_update", "Com_delete", "Com_replace", "Com_load"];
const CONNECTIONS = "Threads_connected";

/** Reads how much a server was used since it started. */
export async function mysqlCounters(session: MysqlSession): Promise<Counters> {
  const names = [...READS, ...WRITES, CONNECTIONS];
  const rows = await session.rows<{ Variable_name: string; Value: string }>(
    `SHOW GLOBAL STATUS WHERE Variable_name IN (${names.map((n) => `'${n}'`).join(", ")})`,
  );
  const values = new Map(rows.map((row) => [row.Variable_name, Number(row.Value)]));
  const sum = (of: readonly string[]): number =>
    of.reduce((total, name) => total + (values.get(name) ?? 0), 0);
  return { reads: sum(READS), writes: sum(WRITES), connections: values.get(CONNECTIONS) ?? 0 };
}
