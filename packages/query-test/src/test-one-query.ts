import { compareAnswers } from "./answers/compare-answers.ts";
import { withoutMoved } from "./answers/without-moved.ts";
import type { AnswerDifference, QueryResult } from "./query-result.ts";
import { LIMIT_MS, type DocumentSide, type Side, type TimedAnswer } from "./sides/side.ts";
import { isEnded } from "./sides/timed-answer.ts";
import { isSlow, remedyFor, type SlowQuery } from "./slow/slow-query.ts";
import type { QueryCase, TestedQuery } from "./tested-query.ts";
import { timeQuery, type TimedQuery } from "./timing/time-query.ts";

/** The most differences of a query that its result has. */
const MOST_DIFFERENCES = 5;

export interface Sides {
  readonly source: DocumentSide;
  readonly target: Side;
  readonly connectionCount: number;
}

/**
 * Runs a query on source and target, one after the other, and compares the answers to each case.
 *
 * @throws {FirebreakError} if a server cannot be reached.
 */
export async function testOneQuery(query: TestedQuery, sides: Sides): Promise<QueryResult> {
  const { cases } = query;
  const source = await timeQuery(sides.source, cases, sides.connectionCount);
  const target = await timeQuery(sides.target, cases, sides.connectionCount);
  const differences: AnswerDifference[] = [];
  for (const [i, one] of cases.entries()) {
    const answers = { source: source.answers[i]!, target: target.answers[i]! };
    const first = await firstDifference(query, one, answers, sides.source);
    if (first === undefined) continue;
    const rowsIn = ({ answer }: TimedAnswer): number => answer?.rows.length ?? 0;
    differences.push({
      parameters: one.parameters,
      sourceRows: rowsIn(answers.source),
      targetRows: rowsIn(answers.target),
      first,
    });
  }
  return {
    name: query.name,
    caseCount: cases.length,
    uncomparedCount: source.answers.filter((answer, i) => isUncompared(query, answer, target.answers[i]!))
      .length,
    rowCount: source.answers.reduce((sum, { answer }) => sum + (answer?.rows.length ?? 0), 0),
    source: source.times,
    target: target.times,
    answersEqual: differences.length === 0,
    differingCount: differences.length,
    differences: differences.slice(0, MOST_DIFFERENCES),
    slow:
      target.answers.some(isEnded) || isSlow(source.times, target.times)
        ? await slowQuery(query, sides, target)
        : undefined,
  };
}

/**
 * Returns true if the time limit ended a side, or limits of rows cut both answers, and no order says which rows these
 * have.
 */
function isUncompared({ isOrdered }: TestedQuery, source: TimedAnswer, target: TimedAnswer): boolean {
  if (isEnded(source) || isEnded(target)) return true;
  return !isOrdered && source.answer?.isWhole === false && target.answer?.isWhole === false;
}

async function firstDifference(
  query: TestedQuery,
  one: QueryCase,
  { source, target }: { readonly source: TimedAnswer; readonly target: TimedAnswer },
  side: DocumentSide,
): Promise<AnswerDifference["first"] | undefined> {
  for (const [by, { refusal }] of [["source", source] as const, ["target", target] as const])
    if (refusal !== undefined) return { what: "refused", by, reason: refusal };
  if (source.answer === undefined || target.answer === undefined) return undefined;
  const first = compareAnswers(source.answer, target.answer, query);
  if (first === undefined || one.moved === undefined) return first;
  const cleared = await withoutMoved(one.moved, source.answer, target.answer, side);
  return compareAnswers(source.answer, cleared, query);
}

/** Explains the case that took the target longest. */
async function slowQuery(
  query: TestedQuery,
  { source, target }: Sides,
  { answers }: TimedQuery,
): Promise<SlowQuery | undefined> {
  const times = answers.map(({ elapsedMs }) => elapsedMs);
  const slowest = query.cases[times.indexOf(Math.max(...times))];
  if (slowest === undefined || answers.some(({ refusal }) => refusal !== undefined)) return undefined;
  const plan = await target.plan(slowest);
  if (plan === undefined) return undefined;
  return {
    target: plan,
    source: await source.plan(slowest),
    remedy: remedyFor(query, plan),
    endedAfterMs: answers.some(isEnded) ? LIMIT_MS : undefined,
  };
}
