import { createConnection, type Connection } from "mysql2/promise";

/** The servers that tests run against; their URLs name no database. A test whose server is missing skips, and says so. */
const variables = {
  mongodb: "FIREBREAK_TEST_MONGODB_RS",
  standalone: "FIREBREAK_TEST_MONGODB_STANDALONE",
  mysql: "FIREBREAK_TEST_MYSQL",
  mariadb: "FIREBREAK_TEST_MARIADB",
} as const;

export type ServerKind = keyof typeof variables;

/** The two servers that tables go to. */
export const SQL_SERVERS = ["mysql", "mariadb"] as const;
export type SqlServer = (typeof SQL_SERVERS)[number];

/** The URL of a server for one database. Call it in tests only: where the server is missing it throws. */
export function urlOf(server: ServerKind, database = ""): string {
  const url = process.env[variables[server]];
  if (url === undefined) throw new Error(`${variables[server]} is not set`);
  return `${url.replace(/\/$/, "")}/${database}`;
}

/** For `describe.skipIf`, and the reason for the title: empty where nothing is missing. */
export function missing(...servers: readonly ServerKind[]): { isMissing: boolean; why: string } {
  const unset = servers.map((s) => variables[s]).filter((name) => !process.env[name]);
  return {
    isMissing: unset.length > 0,
    why: unset.length > 0 ? ` (skipped: ${unset.join(", ")} not set)` : "",
  };
}

/** A name for a database of this process's own. */
export function ownDatabase(stem: string): string {
  return `t_${stem}_${process.pid}`;
}

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
