import { basename } from "node:path";
import {
  AGE_SUFFIX,
  eachPart,
  fileInArchive,
  MANIFEST,
  type SourceNamespace,
  type Stage,
  type TotalIs,
} from "@firebreak/archive";
import type { ProgressCounters, WorkerPool } from "@firebreak/workers";
import type { PartResult, PartTask } from "./part-worker.ts";
import type { Keys } from "./keys.ts";
import type { DocumentRule } from "./documents-plan.ts";
import type { WrittenDocuments } from "./write-documents.ts";
import type { TransformEvent } from "./transform-notes.ts";

/** The context that all passes over the parts of an archive share. */
export interface Pass {
  readonly archive: string;
  /** The folder that gets the rows. */
  readonly folder: string;
  readonly jobs: number;
  readonly pool: WorkerPool<PartTask, PartResult>;
  readonly counters: ProgressCounters;
  /** The number of lines to read in all passes, as far as it is known beforehand. */
  readonly totalLines: number;
  readonly totalIs: TotalIs;
  readonly keys: Keys;
}

/** Writes the documents of a table, part by part. */
export async function* writeCollection(
  pass: Pass,
  ns: SourceNamespace,
  rule: DocumentRule,
  directory: string,
): AsyncGenerator<TransformEvent, WrittenDocuments[]> {
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

/** Runs one pass over parts. Results come in the order of the parts, whichever finishes first. */
export async function* runPass(
  pass: Pass,
  stage: Stage,
  tasks: readonly PartTask[],
): AsyncGenerator<TransformEvent, PartResult[]> {
  const results = new Array<PartResult>(tasks.length);
  const work = async (i: number): Promise<void> => void (results[i] = await pass.pool.run(tasks[i]!));
  for await (const _ of eachPart(tasks.keys(), pass.jobs, work))
    yield {
      kind: "progress",
      stage,
      items: pass.counters.items,
      bytes: pass.counters.bytes,
      totalItems: pass.totalLines,
      totalIs: pass.totalIs,
    };
  return results;
}

/** Returns the name of a part: `00012` for `source/db/collection/00012.ndjson.zst.age`. */
export function partName(file: string): string {
  return basename(file).replace(/\.ndjson\.zst(\.age)?$/, "");
}

export function ageSuffix({ keys }: Pick<Pass, "keys">): string {
  return keys.recipients.length === 0 ? "" : AGE_SUFFIX;
}

export function sourceFile(pass: Pass, file: string): string {
  return fileInArchive(pass.archive, MANIFEST, file);
}
