import type { MongodbSource, Namespace } from "@firebreak/mongodb";
import type { MysqlSession } from "@firebreak/mysql";
import type { PlanFinding, Unseen } from "../plan-record.ts";
import type { Connections, SlowQuery, TableUse } from "../facts-record.ts";
import { ifSeenOr } from "./if-seen.ts";
import { mongodbConnections, mysqlConnections } from "./connections.ts";
import { hasPerformanceSchema, mysqlQueries, tableUse } from "./performance-schema.ts";
import { mongodbQueries } from "./profiler.ts";

/** A query that reads so many rows in each run, and returns a tenth of them or less, lacks an index. */
const LEAST_EXAMINED = 1000;
const EXAMINED_FOR_ONE = 10;

/** The connections, tables and queries of both servers, as far as the logins may see them. */
export interface Use {
  readonly connections: readonly Connections[];
  readonly tableUse: readonly TableUse[];
  readonly slowQueries: readonly SlowQuery[];
  readonly unseen: readonly Unseen[];
}

/**
 * Looks at what both servers count of their use. Whatever a login may not see, or a server does not count, is listed
 * instead.
 *
 * @param databases of the target.
 */
export async function lookAtUse(
  source: MongodbSource,
  session: MysqlSession,
  namespaces: readonly Namespace[],
  databases: readonly string[],
): Promise<Use> {
  const unseen: Unseen[] = [];
  const ifSeen = ifSeenOr(unseen);
  const connections = [
    await ifSeen("connections", () => mongodbConnections(source)),
    await mysqlConnections(session),
  ];
  const profiled = await ifSeen("profile", () => mongodbQueries(source, namespaces));
  if (profiled !== undefined && profiled.off.length > 0)
    unseen.push({ what: "profiler-off", names: profiled.off });
  let tables: TableUse[] | undefined;
  let queries: SlowQuery[] | undefined;
  if (await hasPerformanceSchema(session)) {
    tables = await ifSeen("table-use", () => tableUse(session, databases));
    queries = await ifSeen("statements", () => mysqlQueries(session, databases));
  } else unseen.push({ what: "performance-schema-off", names: [session.target.server] });
  return {
    connections: connections.filter((one) => one !== undefined),
    tableUse: tables ?? [],
    slowQueries: [...(profiled?.queries ?? []), ...(queries ?? [])],
    unseen,
  };
}

/** Reports queries that read whole tables or collections for few rows or documents. Pure. */
export function queryProblems(queries: readonly SlowQuery[]): PlanFinding[] {
  return queries
    .filter(
      ({ isScan, examined, returned, runs }) =>
        isScan && examined >= runs * LEAST_EXAMINED && examined >= returned * EXAMINED_FOR_ONE,
    )
    .map(({ server, database, text, runs, examined }) => ({
      code: "index-missing",
      severity: "warn",
      fields: { server, database, text, runs, examined: Math.round(examined / runs) },
    }));
}
