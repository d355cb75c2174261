import type { MongodbSource } from "@firebreak/mongodb";
import type { MysqlSession } from "@firebreak/mysql";
import type { Connections } from "../facts-record.ts";
import { countsOf } from "./mongodb-access.ts";

/** Reads the connections of a MySQL or MariaDB server. */
export async function mysqlConnections(session: MysqlSession): Promise<Connections> {
  const values = new Map<string, number>();
  for (const sql of [
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('Threads_connected', 'Max_used_connections')",
    "SHOW GLOBAL VARIABLES WHERE Variable_name = 'max_connections'",
  ])
    for (const row of await session.rows<{ Variable_name: string; Value: string }>(sql))
      values.set(row.Variable_name.toLowerCase(), Number(row.Value));
  return {
    server: session.target.server,
    now: values.get("threads_connected") ?? 0,
    mostUsed: values.get("max_used_connections") ?? 0,
    limit: values.get("max_connections") ?? 0,
  };
}

/** Reads the connections of a MongoDB server. Needs the action serverStatus. Throws the driver's errors. */
export async function mongodbConnections({ client, server }: MongodbSource): Promise<Connections> {
  const status = await client.db("admin").command({ serverStatus: 1 });
  const { current: now = 0, available = 0 } = countsOf(status["connections"]);
  return { server, now, limit: now + available };
}
