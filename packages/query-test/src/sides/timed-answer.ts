import type { Answer } from "../tested-query.ts";
import type { TimedAnswer } from "./side.ts";
import { Stopwatch } from "./stopwatch.ts";

/**
 * Runs a case once. Returns its answer, or the server's reason for refusing it, with the time of the statements.
 *
 * @param refusalOf returns the server's reason. It throws any other error.
 */
export async function timedAnswer<Statement>(
  run: (watch: Stopwatch<Statement>) => Promise<Answer>,
  refusalOf: (error: unknown) => string,
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
