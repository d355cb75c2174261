import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { SourceNamespace } from "@firebreak/archive";
import { emptyCollectionSurvey, mergeCollectionSurvey, type CollectionSurvey } from "./collection-survey.ts";
import { laterDuplicates, type Suspect } from "./duplicate-lines.ts";
import type { PartTask } from "./part-worker.ts";
import { runPass, sourceFile, type Pass } from "./passes.ts";
import { repeatedHashes } from "./repeated-hashes.ts";
import type { TablePlan } from "./table-plan.ts";
import type { TransformEvent } from "./transform-notes.ts";

/** Surveys a collection into `survey`, and returns the hashes that more than one of its keys has. */
export async function* surveyCollection(
  pass: Pass,
  ns: SourceNamespace,
  survey: CollectionSurvey,
): AsyncGenerator<TransformEvent, ReadonlySet<bigint>> {
  const tasks = ns.parts.map((part, i): PartTask => ({
    stage: "survey",
    keys: pass.keys,
    sourceFile: sourceFile(pass, part.file),
    part,
    hashFile: hashFile(pass, i),
  }));
  for (const result of yield* runPass(pass, "survey", tasks))
    mergeCollectionSurvey(survey, result as CollectionSurvey);
  return repeatedKeys(pass, ns);
}

/** Returns the file for the key hashes of a part. */
export function hashFile({ folder }: Pass, i: number): string {
  return join(folder, `${i}.keys`);
}

/** Returns the hashes that more than one key of a surveyed collection has, and removes the hash files. */
export async function repeatedKeys(pass: Pass, ns: SourceNamespace): Promise<ReadonlySet<bigint>> {
  const files = ns.parts.map((_, i) => hashFile(pass, i));
  const repeated = await repeatedHashes(files);
  await Promise.all(files.map((file) => rm(file)));
  return repeated;
}

/** The most parts that a glance reads. They are spread evenly, because documents change over the years. */
const MAX_GLANCES = 8;

/** Surveys the first lines of some of a collection's parts. */
export async function* glanceAtCollection(
  pass: Pass,
  ns: SourceNamespace,
): AsyncGenerator<TransformEvent, CollectionSurvey> {
  const tasks = spread(ns.parts, MAX_GLANCES).map((part): PartTask => ({
    stage: "glance",
    keys: pass.keys,
    sourceFile: sourceFile(pass, part.file),
    part,
  }));
  const glance = emptyCollectionSurvey();
  for (const result of yield* runPass(pass, "survey", tasks))
    mergeCollectionSurvey(glance, result as CollectionSurvey);
  return glance;
}

/** Returns, for each part, the lines whose key an earlier document has. */
export async function* findDuplicates(
  pass: Pass,
  ns: SourceNamespace,
  plan: TablePlan,
  suspects: ReadonlySet<bigint>,
): AsyncGenerator<TransformEvent, Set<number>[]> {
  const tasks = ns.parts.map((part): PartTask => ({
    stage: "duplicates",
    keys: pass.keys,
    sourceFile: sourceFile(pass, part.file),
    part,
    plan,
    suspects,
  }));
  return laterDuplicates((yield* runPass(pass, "duplicates", tasks)) as Suspect[][]);
}

/** Picks at most so many items, evenly spread, including the first and the last. */
function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]!);
}
