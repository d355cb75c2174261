import { errnoOf, isRefusal, MysqlSession, mysqlTarget, selectBytes } from "@firebreak/mysql";
import type { FoundRows, QueryCase, Select } from "../tested-query.ts";
import { mysqlPlan } from "./mysql-plan.ts";
import { LIMIT_MS, type PlanFacts, type Side, type SideSession } from "./side.ts";
import { Stopwatch } from "./stopwatch.ts";
import { timedAnswer } from "./timed-answer.ts";

/**
 * The settings of a session that answers as an application's would: it counts index entries as the server
 * does by default (other work here turns that off), it ends a statement at the time limit, and it cannot write.
 */
const settingsWith = (limitMs: number): readonly string[] => [
  `SET SESSION eq_range_index_dive_limit = DEFAULT /*!80000 , SESSION max_execution_time = ${limitMs} */ /*M!100101 , SESSION max_statement_time = ${limitMs / 1000} */`,
  "SET SESSION TRANSACTION READ ONLY",
];

/** The servers' numbers of the error that ends a statement at its time limit: MySQL's and MariaDB's. */
const TIMEOUTS: ReadonlySet<number> = new Set([3024, 1969]);

/**
 * Makes the side of a MySQL or MariaDB server, which only reads.
 *
 * @param limitMs the time limit of each statement.
 */
export function mysqlSide(url: string, limitMs: number = LIMIT_MS): Side {
  const open = async (): Promise<MysqlSession> => {
    const session = await MysqlSession.open(mysqlTarget(url));
    for (const setting of settingsWith(limitMs)) await session.run(setting);
    return session;
  };
  return {
    kind: "mysql",
    async connect(): Promise<SideSession> {
      const session = await open();
      return {
        ask: (one) =>
          timedAnswer<Select>((watch) => one.mysql((select) => rowsOf(session, select, watch)), refusalOf),
        time: async (one) => {
          const watch = new Stopwatch<Select>();
          const running = one.mysql(async ({ sql, values }) => {
            const work = async () => selectBytes(session, sql, values);
            const { rows } = await watch.time({ sql, values }, work);
            return { rows: [], count: rows.length, kinds: new Map() };
          });
          await running.catch(passEnd);
          return watch.elapsedMs;
        },
        close: async () => session.close(),
      };
    },
    async plan(one: QueryCase): Promise<PlanFacts | undefined> {
      await using session = await open();
      const watch = new Stopwatch<Select>();
      await one.mysql((select) => rowsOf(session, select, watch)).catch(passEnd);
      if (watch.slowest === undefined) return undefined;
      try {
        return await mysqlPlan(session, watch.slowest.statement, watch.statementCount);
      } catch (error) {
        // The optimizer may take longer than the limit for a join of many tables.
        passEnd(error);
        return undefined;
      }
    },
  };
}

async function rowsOf(session: MysqlSession, select: Select, watch: Stopwatch<Select>): Promise<FoundRows> {
  const { names, kinds, rows } = await watch.time(select, async () =>
    selectBytes(session, select.sql, select.values),
  );
  return {
    rows: rows.map((row) => new Map(names.map((name, i) => [name, row[i] ?? null]))),
    count: rows.length,
    kinds: new Map(names.map((name, i) => [name, kinds[i] ?? "text"])),
  };
}

/** Returns the server's reason why it refused a statement, undefined for its time limit. Throws any other error. */
function refusalOf(error: unknown): string | undefined {
  if (TIMEOUTS.has(errnoOf(error))) return undefined;
  if (isRefusal(error)) return String(error.fields["reason"]);
  throw error;
}

/** Throws any error but the end of the time limit. */
function passEnd(error: unknown): void {
  if (refusalOf(error) !== undefined) throw error;
}
