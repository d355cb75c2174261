import { MongoClient, type Db } from "mongodb";
import { createConnection, type Connection, type RowDataPacket } from "mysql2/promise";

const variables = {
  mongodb: "FIREBREAK_TEST_MONGODB_RS",
  standalone: "FIREBREAK_TEST_MONGODB_STANDALONE",
  mysql: "FIREBREAK_TEST_MYSQL",
  mariadb: "FIREBREAK_TEST_MARIADB",
} as const;

export type ServerKind = keyof typeof variables;
export type SqlServer = "mysql" | "mariadb";
export const SQL_SERVERS: readonly SqlServer[] = ["mysql", "mariadb"];

/**
 * The servers of a long journey whose SQL other tests try on both: the one named,
 * for the tests are to end within minutes; both where FIREBREAK_ALL_SERVERS is set, as by `pnpm soak`.
 */
export function journeyServers(one: SqlServer): readonly SqlServer[] {
  return process.env["FIREBREAK_ALL_SERVERS"] === undefined ? [one] : SQL_SERVERS;
}

/** Whether tests that need these servers are to be skipped, and what to say in their titles then. */
export function lacking(...servers: readonly ServerKind[]): {
  readonly isLacking: boolean;
  readonly why: string;
} {
  const unset = servers.map((server) => variables[server]).filter((name) => !process.env[name]);
  return {
    isLacking: unset.length > 0,
    why: unset.length > 0 ? ` (skipped: ${unset.join(", ")} not set)` : "",
  };
}

/** The URL of a server, for one of its databases if named. */
export function urlOf(server: ServerKind, database = ""): string {
  const url = process.env[variables[server]];
  if (url === undefined) throw new Error(`${variables[server]} is not set`);
  return `${url.replace(/\/$/, "")}/${database}`;
}

/** A name for a database that only this test process uses. */
export function ownName(stem: string): string {
  return `f_${stem}_${process.pid}`;
}

/** A new, empty MongoDB database that goes when it is disposed of. */
export async function mongodbDatabase(
  name: string,
  server: "mongodb" | "standalone" = "mongodb",
): Promise<AsyncDisposable & { readonly db: Db; readonly url: string }> {
  const client = await MongoClient.connect(urlOf(server));
  const db = client.db(name);
  await db.dropDatabase();
  return {
    db,
    url: urlOf(server, name),
    async [Symbol.asyncDispose]() {
      await db.dropDatabase();
      await client.close();
    },
  };
}

export interface SqlDatabase extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly connection: Connection;
  /** One value of one row, as text. */
  value(sql: string): Promise<string>;
  tables(): Promise<string[]>;
  /** What the other sessions of this database run at the moment; null for one that is idle. */
  otherStatements(): Promise<(string | null)[]>;
}

/** A new, empty MySQL or MariaDB database that goes when it is disposed of. */
export async function sqlDatabase(server: SqlServer, name: string): Promise<SqlDatabase> {
  return await sqlDatabaseAt(urlOf(server), name);
}

/** The same on a server of the test's own. */
export async function sqlDatabaseAt(serverUrl: string, name: string): Promise<SqlDatabase> {
  const connection = await createConnection({ uri: serverUrl, charset: "utf8mb4" });
  await connection.query(`DROP DATABASE IF EXISTS \`${name}\``);
  await connection.query(`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4`);
  await connection.changeUser({ database: name });
  return {
    name,
    url: `${serverUrl.replace(/\/$/, "")}/${name}`,
    connection,
    async value(sql) {
      const [[row]] = await connection.query<RowDataPacket[]>(sql);
      return String(Object.values(row ?? {})[0]);
    },
    async tables() {
      const [rows] = await connection.query<RowDataPacket[]>("SHOW TABLES");
      return rows.map((row) => String(Object.values(row)[0])).sort();
    },
    async otherStatements() {
      // information_schema.processlist fails on MySQL 9.7 while any session runs a statement with an emoji in it.
      const [rows] = await connection.query<RowDataPacket[]>("SHOW FULL PROCESSLIST");
      return rows
        .filter((row) => row["db"] === name && row["Id"] !== connection.threadId)
        .map((row) => row["Info"] as string | null);
    },
    async [Symbol.asyncDispose]() {
      await connection.query(`DROP DATABASE IF EXISTS \`${name}\``);
      await connection.end();
    },
  };
}

/** `URL` with another user and password. */
export function asUser(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}
