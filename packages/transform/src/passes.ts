import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  AGE_SUFFIX,
  eachPart,
  fileInArchive,
  MANIFEST,
  type SourceNamespace,
  type StepEvent,
} from "@firebreak/archive";
import type { ProgressCounters, WorkerPool } from "@firebreak/workers";
import { mergeCollectionSurvey, type CollectionSurvey } from "./collection-survey.ts";
import { laterDuplicates, type Suspect } from "./duplicate-lines.ts";
import type { OwnTablePlan } from "./own-table-plan.ts";
import type { PartResult, PartTask } from "./part-worker.ts";
import type { Keys } from "./keys.ts";
import { repeatedHashes } from "./repeated-hashes.ts";
import type { DocumentRule } from "./documents-plan.ts";
import type { TablePlan } from "./table-plan.ts";
import type { WrittenDocuments } from "./write-documents.ts";
import type { WrittenRows } from "./write-rows.ts";

/** What all passes over the parts of an archive share. */
export interface Pass {
  readonly archive: string;
  /** Where the rows go. */
  readonly folder: string;
  readonly jobs: number;
  readonly pool: WorkerPool<PartTask, PartResult>;
  readonly counters: ProgressCounters;
  /** To be read in all passes. */
  readonly totalLines: number;
  readonly keys: Keys;
}

/** The survey of a collection, and the hashes that more than one of its keys has. */
export async function* surveyCollection(
  pass: Pass,
  ns: SourceNamespace,
  survey: CollectionSurvey,
): AsyncGenerator<StepEvent, ReadonlySet<bigint>> {
  const hashFiles = ns.parts.map((_, i) => join(pass.folder, `${i}.keys`));
  const tasks = ns.parts.map((part, i): PartTask => ({
    stage: "survey",
    keys: pass.keys,
    sourceFile: sourceFile(pass, part.file),
    part,
    hashFile: hashFiles[i]!,
  }));
  for (const result of yield* runPass(pass, "survey", tasks))
    mergeCollectionSurvey(survey, result as CollectionSurvey);
  const repeated = await repeatedHashes(hashFiles);
  await Promise.all(hashFiles.map((file) => rm(file)));
  return repeated;
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

const NO_LINES: ReadonlySet<number> = new Set();

/** Writes the rows of a collection, part by part. */
export async function* writeTable(
  pass: Pass,
  ns: SourceNamespace,
  plan: TablePlan | OwnTablePlan,
  directory: string,
  duplicates: readonly ReadonlySet<number>[] = [],
): AsyncGenerator<StepEvent, WrittenRows[]> {
  const tasks = ns.parts.map((part, i): PartTask => {
    const name = partName(part.file);
    const suffix = ageSuffix(pass);
    return {
      stage: "rows",
      keys: pass.keys,
      sourceFile: sourceFile(pass, part.file),
      part,
      plan,
      folder: pass.folder,
      csvFile: `${directory}/${name}.csv.zst${suffix}`,
      quarantineFile: `quarantine/${directory}/${name}.ndjson.zst${suffix}`,
      duplicateLines: duplicates[i] ?? NO_LINES,
    };
  });
  return (yield* runPass(pass, "rows", tasks)) as WrittenRows[];
}

/** Writes the documents of a table, part by part. */
export async function* writeCollection(
  pass: Pass,
  ns: SourceNamespace,
  rule: DocumentRule,
  directory: string,
): AsyncGenerator<StepEvent, WrittenDocuments[]> {
  const tasks = ns.parts.map((part): PartTask => {
    const file = `${directory}/${partName(part.file)}.ndjson.zst${ageSuffix(pass)}`;
    return {
      stage: "documents",
      keys: pass.keys,
      sourceFile: sourceFile(pass, part.file),
      part,
      namespace: ns.namespace,
      rule,
      folder: pass.folder,
      documentsFile: file,
      quarantineFile: `quarantine/${file}`,
    };
  });
  return (yield* runPass(pass, "documents", tasks)) as WrittenDocuments[];
}

/** Runs one pass over parts; results come back in the order of the parts, whoever finished first. */
export async function* runPass(
  pass: Pass,
  stage: string,
  tasks: readonly PartTask[],
): AsyncGenerator<StepEvent, PartResult[]> {
  const results = new Array<PartResult>(tasks.length);
  const work = async (i: number): Promise<void> => void (results[i] = await pass.pool.run(tasks[i]!));
  for await (const _ of eachPart(tasks.keys(), pass.jobs, work))
    yield {
      kind: "progress",
      stage,
      items: pass.counters.items,
      bytes: pass.counters.bytes,
      totalItems: pass.totalLines,
    };
  return results;
}

/** `00012` of `source/db/collection/00012.ndjson.zst.age`. */
export function partName(file: string): string {
  return basename(file).replace(/\.ndjson\.zst(\.age)?$/, "");
}

export function ageSuffix({ keys }: Pick<Pass, "keys">): string {
  return keys.recipients.length === 0 ? "" : AGE_SUFFIX;
}

export function sourceFile(pass: Pass, file: string): string {
  return fileInArchive(pass.archive, MANIFEST, file);
}
