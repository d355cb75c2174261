import type { PartEntry } from "../manifest/schema-parts.ts";
import type { RangePlan } from "./cut-ranges.ts";
import type { MergedLines } from "./merged-lines.ts";
import { RangeParts, type PartsTarget } from "./range-parts.ts";

/** The parts that merged lines became. */
export interface WrittenLines {
  readonly parts: readonly PartEntry[];
  readonly lineCount: number;
  /** New lines that stand behind the others, for the server's order of their keys is not known. */
  readonly behindCount: number;
}

/**
 * Writes merged lines as sealed parts, and closes them.
 *
 * @param plan undefined where all are one range.
 * @throws {FirebreakError} of archive; {OrderUnknown}
 */
export async function writeMerged(
  lines: MergedLines,
  target: PartsTarget,
  plan: RangePlan | undefined,
): Promise<WrittenLines> {
  const parts = new RangeParts(target);
  try {
    if (plan?.look !== undefined) await lines.each(({ line }) => plan.look!(line));
    const cut = plan?.cut();
    let lineCount = 0;
    await lines.each(async ({ keyLine, line }) => {
      await parts.write(line, cut?.rangeOf(keyLine) ?? 0);
      lineCount++;
    });
    return { parts: await parts.finish(), lineCount, behindCount: lines.behindCount };
  } catch (error) {
    await parts.abandon();
    throw error;
  } finally {
    await lines.close();
  }
}
