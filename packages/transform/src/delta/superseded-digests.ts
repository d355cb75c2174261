import { join } from "node:path";
import type { PartEntry } from "@firebreak/archive";
import type { Stages } from "../lines/stages.ts";
import { runPass, type Pass } from "../lines/passes.ts";
import {
  SupersedingKeys,
  type EachKey,
  type PlacedPart,
  type SealedSuperseding,
} from "./superseding-keys.ts";
import type { TransformEvent } from "../transform-notes.ts";

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
 * @param taskOf makes the task for one part of the link with that number.
 */
export async function* supersededDigests<S extends "superseded" | "supersededDocuments">(
  pass: Pass,
  stage: S,
  earlier: EarlierParts,
  taskOf: (placed: PlacedPart, link: number, superseding: SealedSuperseding) => Stages[S]["task"],
): AsyncGenerator<TransformEvent, Stages[S]["result"][]> {
  if (earlier.keys.length === 0) return [];
  return yield* overLinks(pass, stage, earlier, taskOf);
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
export async function* overLinks<S extends "superseded" | "supersededDocuments" | "refit">(
  pass: Pass,
  stage: S,
  { keys, links, eachKey }: EarlierParts,
  taskOf: (placed: PlacedPart, link: number, superseding: SealedSuperseding) => Stages[S]["task"],
): AsyncGenerator<TransformEvent, Stages[S]["result"][]> {
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
    return yield* runPass(pass, stage === "refit" ? "refit" : "superseded", stage, tasks);
  } finally {
    await superseding.close();
  }
}

function placed(folder: string, parts: readonly PartEntry[]): PlacedPart[] {
  return parts.map((part) => ({ folder, part }));
}
