import { archiveReason, type LineProblem } from "../archive-reasons.ts";
import { ReasonError } from "../reasons.ts";

/** Makes the error of a line that does not decode. The byte counts from 1; none is where the line ends. */
export function lineWrong(
  problem: LineProblem,
  byte: number | undefined,
  detail?: string | number,
): ReasonError {
  return new ReasonError(archiveReason("line-wrong", { problem, detail, byte }));
}
