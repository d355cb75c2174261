import type { MongodbSource, Namespace } from "@firebreak/mongodb";
import type { SlowQuery } from "../facts-record.ts";
import { MOST_QUERIES } from "./performance-schema.ts";

/** The profile may be large, and a plan gives up rather than load a busy server. */
const MOST_MS = 10_000;

/** The queries that the profiler of a server has, and the databases where it is off. */
export interface Profiled {
  readonly queries: readonly SlowQuery[];
  readonly off: readonly string[];
}

interface Group {
  readonly _id: { readonly ns: string; readonly op: string; readonly plan?: string };
  readonly runs: number;
  readonly ms: number;
  readonly examined: number;
  readonly returned: number;
}

/**
 * Reads which queries took the most time, from the profile of each database. They are grouped by the way in which
 * the server ran them, so that no value of a document is in the plan. Throws the driver's errors.
 */
export async function mongodbQueries(
  source: MongodbSource,
  namespaces: readonly Namespace[],
): Promise<Profiled> {
  const queries: SlowQuery[] = [];
  const off: string[] = [];
  for (const [database, own] of Map.groupBy(namespaces, (ns) => ns.database)) {
    const db = source.client.db(database);
    if ((await db.command({ profile: -1 }))["was"] === 0) {
      off.push(database);
      continue;
    }
    const groups = await db
      .collection("system.profile")
      .aggregate<Group>(
        [
          {
            $match: {
              ns: { $in: own.map(({ namespace }) => namespace) },
              op: { $in: ["query", "command", "update", "remove"] },
              docsExamined: { $exists: true },
              // The plan reads collections as well.
              appName: { $ne: "firebreak" },
            },
          },
          {
            $group: {
              _id: { ns: "$ns", op: "$op", plan: "$planSummary" },
              runs: { $sum: 1 },
              ms: { $sum: "$millis" },
              examined: { $sum: "$docsExamined" },
              returned: { $sum: { $add: [{ $ifNull: ["$nreturned", 0] }, { $ifNull: ["$nMatched", 0] }] } },
            },
          },
          { $sort: { ms: -1, runs: -1 } },
          { $limit: MOST_QUERIES },
        ],
        { maxTimeMS: MOST_MS },
      )
      .toArray();
    queries.push(...groups.map((group) => queryOf(source.server, database, group)));
  }
  return { queries: queries.toSorted((a, b) => b.ms - a.ms).slice(0, MOST_QUERIES), off };
}

function queryOf(server: string, database: string, { _id: { ns, op, plan }, ...counts }: Group): SlowQuery {
  return {
    server,
    database,
    text: `${op} of ${ns}${plan === undefined ? "" : `: ${plan}`}`,
    ...counts,
    isScan: plan?.startsWith("COLLSCAN") === true,
  };
}
