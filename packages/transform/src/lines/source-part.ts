import { readLines, type PartEntry, type ReadLine } from "@firebreak/archive";
import type { ProgressCounters } from "@firebreak/workers";
import type { Keys } from "../keys.ts";

/** A part of the archive, as a task for a thread names it. */
export interface SourcePart {
  readonly sourceFile: string;
  readonly part: PartEntry;
  readonly keys: Keys;
}

/** Counts read lines, and gives the turn for a huge line. */
export type Progress = Pick<ProgressCounters, "add" | "take" | "give">;

/** Reads a part's lines and counts them. Rejects as `readLines` does. */
export async function readSource(
  { sourceFile, part, keys }: SourcePart,
  progress: Progress,
  take: (read: ReadLine) => void,
  afterBlock?: () => Promise<void>,
): Promise<void> {
  await readLines(sourceFile, part, { ...keys, hugeTurn: progress }, take, async (lines, bytes) => {
    await afterBlock?.();
    progress.add(lines, bytes);
  });
}
