import type { PartEntry } from "@firebreak/archive";
import type { RangePlan } from "../ranges/document-ranges.ts";
import type { MergedLines } from "./merged-lines.ts";
import { RangeParts, type PartsTarget } from "../ranges/range-parts.ts";

/** The parts with the merged lines. */
export interface WrittenLines {
  readonly parts: readonly PartEntry[];
  readonly lineCount: number;
  /** New lines after the others, because the server's order of their keys is not known. */
  readonly behindCount: number;
}

/**
 * Writes merged lines as sealed parts, and closes `lines`.
 *
 * @param plan undefined if all lines are one range.
 * @throws {FirebreakError} from reading or writing parts; {OrderUnknown}
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
    await lines.each(async ({ key, line }) => {
      await parts.write(line, cut?.rangeOf(key) ?? 0);
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
