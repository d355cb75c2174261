import { join } from "node:path";
import type { SourceNamespace } from "@firebreak/archive";
import { removeRun, repeatedNumbers } from "@firebreak/items";
import { emptyCollectionSurvey, mergeCollectionSurvey, type CollectionSurvey } from "./collection-survey.ts";
import { decideDuplicates } from "../lines/find-duplicates.ts";
import type { DuplicateDecision, LineDecision } from "../lines/line-mapper.ts";
import { runPass, sourcePart, writeTasks, type Pass } from "../lines/passes.ts";
import type { WrittenPart } from "../lines/write-part.ts";
import type { SurveyedPart } from "./survey-part.ts";
import type { TablePlan } from "../tables/table-plan.ts";
import type { TransformEvent } from "../transform-notes.ts";

/** Surveys a collection into `survey`, and returns the hashes that more than one of its keys has. */
export async function* surveyCollection(
  pass: Pass,
  ns: SourceNamespace,
  survey: CollectionSurvey,
): AsyncGenerator<TransformEvent, ReadonlySet<bigint>> {
  const tasks = ns.parts.map((part, i) => ({ ...sourcePart(pass, part), hashFile: hashFile(pass, i) }));
  return repeatedIn(yield* runPass(pass, "survey", "survey", tasks), survey);
}

/** A collection's rows by a guessed plan, and the result of `surveyCollection`. */
export interface TableWithSurvey {
  readonly written: readonly WrittenPart[];
  readonly repeated: ReadonlySet<bigint>;
}

/** Surveys a collection and writes its rows in one reading. */
export async function* writeTableWithSurvey(
  pass: Pass,
  ns: SourceNamespace,
  plan: TablePlan,
  directory: string,
  survey: CollectionSurvey,
): AsyncGenerator<TransformEvent, TableWithSurvey> {
  const mapping = { to: "rows", by: "plan", plan } as const;
  const tasks = writeTasks(pass, ns, { mapping, directory }).map((task, i) => ({
    ...task,
    hashFile: hashFile(pass, i),
  }));
  const results = yield* runPass(pass, "rows", "rowsWithSurvey", tasks);
  return { written: results.map((r) => r.rows), repeated: await repeatedIn(results, survey) };
}

/** Returns the file for the key hashes of a part. */
function hashFile({ folder }: Pass, i: number): string {
  return join(folder, `${i}.keys`);
}

/**
 * Adds the surveys of a collection's parts to its survey. Returns the hashes that more than one of its keys
 * has, and removes the files of hashes.
 */
async function repeatedIn(
  parts: readonly SurveyedPart[],
  survey: CollectionSurvey,
): Promise<ReadonlySet<bigint>> {
  const runs = parts.map(({ hashes }) => hashes);
  for (const ofPart of parts) mergeCollectionSurvey(survey, ofPart.survey);
  const repeated = repeatedNumbers(runs);
  await Promise.all(runs.map(removeRun));
  return repeated;
}

/** The most parts that a glance reads. They are spread evenly, because documents change over the years. */
const MAX_GLANCES = 8;

/** Surveys the first lines of some of a collection's parts. */
export async function* glanceAtCollection(
  pass: Pass,
  ns: SourceNamespace,
): AsyncGenerator<TransformEvent, CollectionSurvey> {
  const tasks = spread(ns.parts, MAX_GLANCES).map((part) => sourcePart(pass, part));
  const glance = emptyCollectionSurvey();
  for (const ofPart of yield* runPass(pass, "survey", "glance", tasks)) mergeCollectionSurvey(glance, ofPart);
  return glance;
}

/** The first document of a key stays. */
const FIRST_STAYS: DuplicateDecision = {
  kept: 0,
  others: { kind: "quarantine", reason: "key-duplicate", field: "_id" },
};

/**
 * Returns, for each part, the decisions about lines whose key an earlier document has.
 *
 * @param repeated the hashes that more than one key has.
 */
export async function* decideRepeatedKeys(
  pass: Pass,
  ns: SourceNamespace,
  plan: TablePlan,
  repeated: ReadonlySet<bigint>,
): AsyncGenerator<TransformEvent, ReadonlyMap<number, LineDecision>[]> {
  if (repeated.size === 0) return [];
  const mapping = { to: "rows", by: "plan", plan } as const;
  const tasks = ns.parts.map((part) => ({ ...sourcePart(pass, part), mapping, repeated }));
  return decideDuplicates(yield* runPass(pass, "duplicates", "duplicates", tasks), () => FIRST_STAYS);
}

/** Picks at most so many items, evenly spread, including the first and the last. */
function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]!);
}
