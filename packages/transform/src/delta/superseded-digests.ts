import { join } from "node:path";
import type { PartEntry, StepEvent } from "@firebreak/archive";
import type { PartResult, PartTask } from "../part-worker.ts";
import { runPass, type Pass } from "../passes.ts";
import {
  SupersedingKeys,
  type EachKey,
  type PlacedPart,
  type SealedSuperseding,
} from "./superseding-keys.ts";

/** A folder in the one that is written, while it is: for keys that do not fit in memory. */
const SCRATCH = "superseding.partial";

/** A table or collection as one link of a chain has it. */
interface LinkParts {
  readonly folder: string;
  readonly parts: readonly PartEntry[];
  readonly keys?: readonly PartEntry[] | undefined;
}

/**
 * The digests of what a delta supersedes of the links before it, part by part, as the tasks return them.
 *
 * @param keys parts that the delta has just been given.
 * @param links the full archive first.
 * @param taskOf for one part of the link of that number.
 */
export async function* supersededDigests<R extends PartResult>(
  pass: Pass,
  keys: readonly PartEntry[],
  links: readonly LinkParts[],
  eachKey: EachKey,
  taskOf: (placed: PlacedPart, link: number, superseding: SealedSuperseding) => PartTask,
): AsyncGenerator<StepEvent, R[]> {
  if (keys.length === 0) return [];
  return (yield* overLinks(pass, "superseded", { keys, links, eachKey }, taskOf)) as R[];
}

/** What the passes over the rows of earlier links have in common. */
export interface EarlierParts {
  /** Of the delta. */
  readonly keys: readonly PartEntry[];
  /** The full archive first. */
  readonly links: readonly LinkParts[];
  readonly eachKey: EachKey;
}

/** Runs one pass over all that the links before a delta have, with the keys by which it is told what is superseded. */
export async function* overLinks(
  pass: Pass,
  stage: string,
  { keys, links, eachKey }: EarlierParts,
  taskOf: (placed: PlacedPart, link: number, superseding: SealedSuperseding) => PartTask,
): AsyncGenerator<StepEvent, PartResult[]> {
  const superseding = new SupersedingKeys(join(pass.folder, SCRATCH));
  try {
    const sealed = await superseding.seal(
      eachKey,
      placed(pass.folder, keys),
      links.map((l) => placed(l.folder, l.keys ?? [])),
    );
    const tasks = links.flatMap(({ folder, parts }, link) =>
      placed(folder, parts).map((part) => taskOf(part, link, sealed)),
    );
    return yield* runPass(pass, stage, tasks);
  } finally {
    await superseding.close();
  }
}

function placed(folder: string, parts: readonly PartEntry[]): PlacedPart[] {
  return parts.map((part) => ({ folder, part }));
}
