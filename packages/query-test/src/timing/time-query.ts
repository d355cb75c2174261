import type { Side, SideSession, TimedAnswer } from "../sides/side.ts";
import type { QueryCase } from "../tested-query.ts";
import { percentilesOf, type Percentiles } from "./percentiles.ts";

/** The number of times that each case runs warm, with one connection and with several. */
const ROUNDS = 5;

/** The time after which a phase runs no further case. */
const PHASE_MS = 10_000;

/** The times of a query on one side. Those of the interface itself are warm, over one connection. */
export interface SideTimes extends Percentiles {
  /** The first execution of each case, over a new connection. */
  readonly first: Percentiles;
  /** Warm, over several connections at once. */
  readonly concurrent: Percentiles;
  /** The number of executions in all. */
  readonly executionCount: number;
}

/** The answers and times of a query on one side. */
export interface TimedQuery {
  /** One for each case, in their order. */
  readonly answers: readonly TimedAnswer[];
  readonly times: SideTimes;
}

/**
 * Runs a query's cases: once each over a new connection, several times over the same, and again over several
 * connections at once. If the server refuses a case, the query is not timed any further.
 *
 * @throws {FirebreakError} if a connection is lost.
 */
export async function timeQuery(
  side: Side,
  cases: readonly QueryCase[],
  connectionCount: number,
): Promise<TimedQuery> {
  const sessions: SideSession[] = [];
  try {
    const session = await side.connect();
    sessions.push(session);
    const answers: TimedAnswer[] = [];
    for (const one of cases) answers.push(await session.ask(one));
    const first = answers.map(({ elapsedMs }) => elapsedMs);
    const isRefused = answers.some(({ refusal }) => refusal !== undefined);
    const rounds = isRefused ? [] : Array.from({ length: ROUNDS }, () => cases).flat();
    const warm = await timesOf([session], rounds);
    const wanted = isRefused ? 1 : connectionCount;
    while (sessions.length < wanted) sessions.push(await side.connect());
    const concurrent = await timesOf(sessions, rounds);
    return {
      answers,
      times: {
        ...percentilesOf(isRefused ? first : warm),
        first: percentilesOf(first),
        concurrent: percentilesOf(concurrent),
        executionCount: first.length + warm.length + concurrent.length,
      },
    };
  } finally {
    for (const session of sessions) await session.close();
  }
}

async function timesOf(sessions: readonly SideSession[], cases: readonly QueryCase[]): Promise<number[]> {
  const times: number[] = [];
  const endAt = performance.now() + PHASE_MS;
  let next = 0;
  const run = async (session: SideSession): Promise<void> => {
    while (next < cases.length && performance.now() < endAt) times.push(await session.time(cases[next++]!));
  };
  await Promise.all(sessions.map(run));
  return times;
}
