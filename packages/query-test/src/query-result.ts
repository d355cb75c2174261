import type { RowDifference } from "./answers/compare-answers.ts";
import type { SlowQuery } from "./slow/slow-query.ts";
import type { SideTimes } from "./timing/time-query.ts";

/** A difference between answers, with the parameters that show it. */
export interface AnswerDifference {
  readonly parameters: Readonly<Record<string, string>>;
  readonly sourceRows: number;
  readonly targetRows: number;
  readonly first:
    | RowDifference
    | { readonly what: "refused"; readonly by: "source" | "target"; readonly reason: string };
}

/** The times and answers of one query. */
export interface QueryResult {
  readonly name: string;
  readonly caseCount: number;
  /** The rows of all answers of the source. */
  readonly rowCount: number;
  readonly source: SideTimes;
  readonly target: SideTimes;
  readonly answersEqual: boolean;
  /** The number of cases that were not compared, because a limit cut both answers and no order says where. */
  readonly uncomparedCount: number;
  readonly differingCount: number;
  /** The first few. */
  readonly differences: readonly AnswerDifference[];
  readonly slow: SlowQuery | undefined;
}
