import type { Side, SideSession, TimedAnswer } from "../sides/side.ts";
import type { QueryCase } from "../tested-query.ts";
import { isEnded } from "../sides/timed-answer.ts";
import { percentilesOf, type Percentiles } from "./percentiles.ts";

/** The number of times that each case runs warm, with one connection and with several. */
const ROUNDS = 5;

/** The time after which a phase runs no further case. */
const PHASE_MS = 10_000;

/** Stands for the answer to a case that is not asked, because the one before took too long. */
const NOT_ASKED: TimedAnswer = { answer: undefined, refusal: undefined, elapsedMs: 0, statementCount: 0 };

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
 * connections at once. If the server refuses a case, or the time limit ends one, the query is not timed any further.
 * After one that was ended no other case is asked.
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
    for (const one of cases) answers.push(answers.some(isEnded) ? NOT_ASKED : await session.ask(one));
    const first = answers.filter((answer) => answer !== NOT_ASKED).map(({ elapsedMs }) => elapsedMs);
    const isStopped = answers.some(({ answer }) => answer === undefined);
    const rounds = isStopped ? [] : Array.from({ length: ROUNDS }, () => cases).flat();
    const warm = await timesOf([session], rounds);
    const wanted = isStopped ? 1 : connectionCount;
    while (sessions.length < wanted) sessions.push(await side.connect());
    const concurrent = await timesOf(sessions, rounds);
    return {
      answers,
      times: {
        ...percentilesOf(isStopped ? first : warm),
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
