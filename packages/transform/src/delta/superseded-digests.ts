import { join } from "node:path";
import type { PartEntry } from "@firebreak/archive";
import { linkItems, type Item, type ItemReader, type ListedItems, type PlacedPart } from "@firebreak/items";
import { runPass, type Pass } from "../lines/passes.ts";
import type { Stages } from "../lines/stages.ts";
import type { TransformEvent } from "../transform-notes.ts";
import { DeltaKeys, type SealedSuperseding } from "./superseding-keys.ts";

/**
 * A folder for keys that do not fit in memory. It exists inside the output folder while transform writes it.
 */
export const SCRATCH = "superseding.partial";

/** The data that all passes over the items of earlier links share. */
export interface EarlierParts {
  /** The parts of keys that the delta was just given. */
  readonly keys: readonly PartEntry[];
  /** The links, the full archive first. */
  readonly links: readonly ListedItems[];
  readonly reader: ItemReader<Item>;
}

/** Makes the task for one part of the link with that number. */
type TaskOf<Task> = (items: PlacedPart, link: number, superseding: SealedSuperseding) => Task;

/**
 * Returns the results of the tasks, part by part: the digests of what a delta supersedes in the links before
 * it.
 */
export async function* supersededDigests<S extends "superseded" | "supersededDocuments">(
  pass: Pass,
  stage: S,
  earlier: EarlierParts,
  taskOf: TaskOf<Stages[S]["task"]>,
): AsyncGenerator<TransformEvent, Stages[S]["result"][]> {
  if (earlier.keys.length === 0) return [];
  return yield* overLinks(pass, stage, earlier, taskOf);
}

/** Runs one pass over all parts of the links before a delta, with the keys that show superseded items. */
export async function* overLinks<S extends "superseded" | "supersededDocuments" | "refit">(
  pass: Pass,
  stage: S,
  { keys, links, reader }: EarlierParts,
  taskOf: TaskOf<Stages[S]["task"]>,
): AsyncGenerator<TransformEvent, Stages[S]["result"][]> {
  const deltaKeys = new DeltaKeys(join(pass.folder, SCRATCH));
  try {
    const earlier = links.map((link) => linkItems(reader, link));
    const sealed = await deltaKeys.seal(linkItems(reader, { folder: pass.folder, parts: [], keys }), earlier);
    const tasks = earlier.flatMap(({ parts }, link) => parts.map((part) => taskOf(part, link, sealed)));
    return yield* runPass(pass, stage === "refit" ? "refit" : "superseded", stage, tasks);
  } finally {
    await deltaKeys.close();
  }
}
