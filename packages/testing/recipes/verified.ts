import { verifyArchive } from "@firebreak/verify";
import { outcomeOf, type Outcome } from "./outcome.ts";

/** Verifies an archive, or a repair, with the content of its files. */
export async function verified(
  archive: string,
  options: Partial<Parameters<typeof verifyArchive>[0]> = {},
): Promise<Outcome> {
  return outcomeOf(verifyArchive({ archive, jobs: 2, depth: "content", ...options }));
}
