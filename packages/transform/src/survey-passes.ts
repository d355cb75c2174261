import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { SourceNamespace, StepEvent } from "@firebreak/archive";
import { emptyCollectionSurvey, mergeCollectionSurvey, type CollectionSurvey } from "./collection-survey.ts";
import { laterDuplicates, type Suspect } from "./duplicate-lines.ts";
import type { PartTask } from "./part-worker.ts";
import { runPass, sourceFile, type Pass } from "./passes.ts";
import { repeatedHashes } from "./repeated-hashes.ts";
import type { TablePlan } from "./table-plan.ts";

/** The survey of a collection, and the hashes that more than one of its keys has. */
export async function* surveyCollection(
  pass: Pass,
  ns: SourceNamespace,
  survey: CollectionSurvey,
): AsyncGenerator<StepEvent, ReadonlySet<bigint>> {
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

/** Where the hashes of the keys of a part are. */
export function hashFile({ folder }: Pass, i: number): string {
  return join(folder, `${i}.keys`);
}

/** The hashes that more than one key of a surveyed collection has. */
export async function repeatedKeys(pass: Pass, ns: SourceNamespace): Promise<ReadonlySet<bigint>> {
  const files = ns.parts.map((_, i) => hashFile(pass, i));
  const repeated = await repeatedHashes(files);
  await Promise.all(files.map((file) => rm(file)));
  return repeated;
}

/** Parts that are glanced at, at most: spread evenly, for documents change over the years. */
const MAX_GLANCES = 8;

/** What the first lines of some of a collection's parts hold. */
export async function* glanceAtCollection(
  pass: Pass,
  ns: SourceNamespace,
): AsyncGenerator<StepEvent, CollectionSurvey> {
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

/** For each part the lines whose key an earlier document has. */
export async function* findDuplicates(
  pass: Pass,
  ns: SourceNamespace,
  plan: TablePlan,
  suspects: ReadonlySet<bigint>,
): AsyncGenerator<StepEvent, Set<number>[]> {
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

/** So many of them at most, the first and the last among them. */
function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]!);
}
