import { isRefusal, MysqlSession, mysqlTarget, selectBytes } from "@firebreak/mysql";
import type { FoundRows, QueryCase, Select } from "../tested-query.ts";
import { mysqlPlan } from "./mysql-plan.ts";
import type { PlanFacts, Side, SideSession } from "./side.ts";
import { Stopwatch } from "./stopwatch.ts";
import { timedAnswer } from "./timed-answer.ts";

/**
 * The settings of a session that answers as an application's would: it counts index entries as the server
 * does by default (other work here turns that off), and it cannot write.
 */
const SETTINGS = [
  "SET SESSION eq_range_index_dive_limit = DEFAULT",
  "SET SESSION TRANSACTION READ ONLY",
] as const;

/** Makes the side of a MySQL or MariaDB server, which only reads. */
export function mysqlSide(url: string): Side {
  const open = async (): Promise<MysqlSession> => {
    const session = await MysqlSession.open(mysqlTarget(url));
    for (const setting of SETTINGS) await session.run(setting);
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
          await one.mysql(async ({ sql, values }) => {
            const work = async () => selectBytes(session, sql, values);
            const { rows } = await watch.time({ sql, values }, work);
            return { rows: [], count: rows.length, kinds: new Map() };
          });
          return watch.elapsedMs;
        },
        close: async () => session.close(),
      };
    },
    async plan(one: QueryCase): Promise<PlanFacts | undefined> {
      await using session = await open();
      const watch = new Stopwatch<Select>();
      await one.mysql((select) => rowsOf(session, select, watch));
      return watch.slowest && (await mysqlPlan(session, watch.slowest.statement, watch.statementCount));
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

/** Returns the server's reason why it refused a statement. Throws any other error. */
function refusalOf(error: unknown): string {
  if (isRefusal(error)) return String(error.fields["reason"]);
  throw error;
}
