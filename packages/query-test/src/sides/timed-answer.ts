import type { Answer } from "../tested-query.ts";
import type { TimedAnswer } from "./side.ts";
import { Stopwatch } from "./stopwatch.ts";

/**
 * Runs a case once. Returns its answer, or the server's reason for refusing it, or neither if the time limit ended it,
 * with the time of the statements.
 *
 * @param refusalOf returns the server's reason, or undefined for the end of the time limit. It throws any other error.
 */
export async function timedAnswer<Statement>(
  run: (watch: Stopwatch<Statement>) => Promise<Answer>,
  refusalOf: (error: unknown) => string | undefined,
): Promise<TimedAnswer> {
  const watch = new Stopwatch<Statement>();
  let refusal: string | undefined;
  const answer = await run(watch).catch((error: unknown) => {
    refusal = refusalOf(error);
    return undefined;
  });
  const { elapsedMs, statementCount } = watch;
  return { answer, refusal, elapsedMs, statementCount };
}

/** Returns true if neither an answer nor a refusal ended a case, but the time limit. */
export function isEnded({ answer, refusal }: Pick<TimedAnswer, "answer" | "refusal">): boolean {
  return answer === undefined && refusal === undefined;
}
