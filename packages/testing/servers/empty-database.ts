import { createConnection, type Connection } from "mysql2/promise";
import { urlOf, type SqlServer } from "./databases.ts";

/** Runs work on a plain connection, made and closed for it. */
export async function withSql<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection({ uri: url, charset: "utf8mb4" });
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

/** An empty database, made anew; returns its URL. */
export async function emptyDatabase(server: SqlServer, database: string): Promise<string> {
  await withSql(urlOf(server), async (c) => {
    await c.query(`DROP DATABASE IF EXISTS \`${database}\``);
    await c.query(`CREATE DATABASE \`${database}\``);
  });
  return urlOf(server, database);
}

export async function dropDatabase(server: SqlServer, database: string): Promise<void> {
  await withSql(urlOf(server), (c) => c.query(`DROP DATABASE IF EXISTS \`${database}\``));
}
