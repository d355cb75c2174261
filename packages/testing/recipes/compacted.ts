import { compactChain, type CompactOptions } from "@firebreak/compact";
import { outcomeOf, type Outcome } from "./outcome.ts";

/** Makes one full archive of a chain, whose last delta is `archive`. */
export async function compacted(
  archive: string,
  out: string,
  options: Partial<CompactOptions> = {},
): Promise<Outcome> {
  return outcomeOf(compactChain({ archive, out, jobs: 2, version: "test", ...options }));
}
