import { join } from "node:path";
import type { PartEntry, Stage } from "@firebreak/archive";
import type { PartResult, PartTask } from "../part-worker.ts";
import { runPass, type Pass } from "../passes.ts";
import type { TransformEvent } from "../transform-notes.ts";
import {
  SupersedingKeys,
  type EachKey,
  type PlacedPart,
  type SealedSuperseding,
} from "./superseding-keys.ts";

/**
 * A folder for keys that do not fit in memory. It exists inside the output folder while transform writes it.
 */
const SCRATCH = "superseding.partial";

/** A table or collection in one link of a chain. */
interface LinkParts {
  readonly folder: string;
  readonly parts: readonly PartEntry[];
  readonly keys?: readonly PartEntry[] | undefined;
}

/**
 * Returns the results of the tasks, part by part: the digests of what a delta supersedes in the links before
 * it.
 *
 * @param keys the parts of keys that the delta was just given.
 * @param links the links, the full archive first.
 * @param taskOf makes the task for one part of the link with that number.
 */
export async function* supersededDigests<R extends PartResult>(
  pass: Pass,
  keys: readonly PartEntry[],
  links: readonly LinkParts[],
  eachKey: EachKey,
  taskOf: (placed: PlacedPart, link: number, superseding: SealedSuperseding) => PartTask,
): AsyncGenerator<TransformEvent, R[]> {
  if (keys.length === 0) return [];
  return (yield* overLinks(pass, "superseded", { keys, links, eachKey }, taskOf)) as R[];
}

/** The data that all passes over the rows of earlier links share. */
export interface EarlierParts {
  /** The keys of the delta. */
  readonly keys: readonly PartEntry[];
  /** The links, the full archive first. */
  readonly links: readonly LinkParts[];
  readonly eachKey: EachKey;
}

/** Runs one pass over all parts of the links before a delta, with the keys that show superseded rows. */
export async function* overLinks(
  pass: Pass,
  stage: Stage,
  { keys, links, eachKey }: EarlierParts,
  taskOf: (placed: PlacedPart, link: number, superseding: SealedSuperseding) => PartTask,
): AsyncGenerator<TransformEvent, PartResult[]> {
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
