import { isSystemNamespace, type DatabaseKind } from "@firebreak/archive";

/** The facts that a connection to a server shows at once. */
export interface FoundServer {
  readonly kind: DatabaseKind;
  /** The server's address, without user and password. */
  readonly server: string;
  readonly version: string;
  /** True if it is a member of a replica set of MongoDB, or a router of a cluster. */
  readonly isReplicaSet: boolean;
  /** The database that the URL names. The counts are then of it alone. */
  readonly database: string | undefined;
  /** The number of databases of people, as far as the user may see them. */
  readonly databaseCount: number;
  /** The number of their tables or collections, views included. */
  readonly itemCount: number;
}

/** A server with the names of its tables or collections, as `database.name`. */
export interface LookedServer extends FoundServer {
  readonly names: readonly string[];
}

/**
 * Connects to a server and looks at what is there. It writes nothing, and loads only the driver that it needs.
 *
 * @throws {FirebreakError} any error of mysql or mongodb.
 */
export async function foundServer(kind: DatabaseKind, url: string): Promise<LookedServer> {
  return kind === "mysql" ? foundMysql(url) : foundMongodb(url);
}

async function foundMysql(url: string): Promise<LookedServer> {
  const { MysqlSession, mysqlTarget } = await import("@firebreak/mysql");
  const target = mysqlTarget(url);
  await using session = await MysqlSession.open(target);
  const [head] = await session.rows<{ version: string }>("SELECT VERSION() AS version");
  const found = await session.rows<{ database: string; name: string | null }>(
    `SELECT s.schema_name AS \`database\`, t.table_name AS name
       FROM information_schema.schemata s
       LEFT JOIN information_schema.tables t ON t.table_schema = s.schema_name
      WHERE s.schema_name NOT IN ('information_schema', 'performance_schema', 'mysql', 'sys')
        AND (? IS NULL OR s.schema_name = ?)`,
    [target.database ?? null, target.database ?? null],
  );
  const names = found.flatMap((row) => (row.name === null ? [] : [`${row.database}.${row.name}`]));
  return {
    kind: "mysql",
    server: target.server,
    version: head!.version,
    isReplicaSet: false,
    database: target.database,
    databaseCount: new Set(found.map((row) => row.database)).size,
    itemCount: names.length,
    names,
  };
}

async function foundMongodb(url: string): Promise<LookedServer> {
  const { connectMongodb, listedDatabases, namesIn } = await import("@firebreak/mongodb");
  const source = await connectMongodb(url);
  try {
    const { server, version, isReplicaSet, database } = source;
    const databases = database === undefined ? ((await listedDatabases(source)) ?? []) : [database];
    const own = databases.filter((name) => !["admin", "config", "local"].includes(name));
    const names = await namesIn(source, own);
    const items = names.filter((name) => {
      const dot = name.indexOf(".");
      return !isSystemNamespace(name.slice(0, dot), name.slice(dot + 1));
    });
    return {
      kind: "mongodb",
      server,
      version,
      isReplicaSet,
      database,
      databaseCount: own.length,
      itemCount: items.length,
      names: items,
    };
  } finally {
    await source.client.close();
  }
}
