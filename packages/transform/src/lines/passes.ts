import { basename } from "node:path";
import {
  eachPart,
  fileInArchive,
  MANIFEST,
  type PartEntry,
  type SourceNamespace,
  type TotalIs,
} from "@firebreak/archive";
import type { StageRunner } from "@firebreak/workers";
import { ageSuffix, type Keys } from "../keys.ts";
import type { LineDecision } from "./line-mapper.ts";
import type { Mapping } from "./mapping.ts";
import type { SourcePart } from "./source-part.ts";
import type { Stages } from "./stages.ts";
import type { KeysTask } from "./write-keys.ts";
import type { WriteTask, WrittenPart } from "./write-part.ts";
import type { TransformEvent } from "../transform-notes.ts";

/** The context that all passes over the parts of an archive share. */
export interface Pass {
  readonly archive: string;
  /** The folder that gets the rows or documents. */
  readonly folder: string;
  readonly jobs: number;
  readonly pool: StageRunner<Stages>;
  /** The number of lines to read in all passes, as far as it is known beforehand. */
  readonly totalLines: number;
  readonly totalIs: TotalIs;
  readonly keys: Keys;
}

/** The names under which a pass reports its progress. */
export type ShownStage =
  | "survey"
  | "duplicates"
  | "rows"
  | "documents"
  | "keys"
  | "superseded"
  | "refit"
  | "affected";

/** Runs one pass over parts. Results come in the order of the parts, whichever finishes first. */
export async function* runPass<S extends keyof Stages>(
  pass: Pass,
  shown: ShownStage,
  stage: S,
  tasks: readonly Stages[S]["task"][],
): AsyncGenerator<TransformEvent, Stages[S]["result"][]> {
  const { counters } = pass.pool;
  const results = new Array<Stages[S]["result"]>(tasks.length);
  const work = async (i: number): Promise<void> => void (results[i] = await pass.pool.run(stage, tasks[i]!));
  for await (const _ of eachPart(tasks.keys(), pass.jobs, work))
    yield {
      kind: "progress",
      stage: shown,
      items: counters.items,
      bytes: counters.bytes,
      totalItems: pass.totalLines,
      totalIs: pass.totalIs,
    };
  return results;
}

/** Returns the pass with more lines to read than its threads have read so far. */
export function withLines(pass: Omit<Pass, "totalLines">, lineCount: number): Pass {
  return { ...pass, totalLines: pass.pool.counters.items + lineCount };
}

/** Returns the sum of the lines of parts. */
export function lineCountOf(parts: readonly Pick<PartEntry, "lineCount">[]): number {
  return parts.reduce((sum, part) => sum + part.lineCount, 0);
}

/** Returns the fields of a task that name a part of the archive. */
export function sourcePart({ archive, keys }: Pick<Pass, "archive" | "keys">, part: PartEntry): SourcePart {
  return { sourceFile: fileInArchive(archive, MANIFEST, part.file), part, keys };
}

const NO_DECISIONS: ReadonlyMap<number, LineDecision> = new Map();

/** The only target of a namespace's lines. */
export interface OnlyTarget<M extends Mapping = Mapping> {
  readonly mapping: M;
  readonly directory: string;
  /** For each part, the decisions about lines that share their key. */
  readonly decisions?: readonly ReadonlyMap<number, LineDecision>[] | undefined;
}

/** Writes the rows or documents of a namespace, part by part. */
export async function* writeNamespace(
  pass: Pass,
  ns: SourceNamespace,
  target: OnlyTarget,
): AsyncGenerator<TransformEvent, WrittenPart[]> {
  return yield* runPass(pass, target.mapping.to, "write", writeTasks(pass, ns, target));
}

/** Returns the tasks that write the rows or documents of a namespace. */
export function writeTasks<M extends Mapping>(
  pass: Pass,
  { namespace, parts }: SourceNamespace,
  { mapping, directory, decisions = [] }: OnlyTarget<M>,
): WriteTask<M>[] {
  return parts.map((part, i) => {
    const file = `${directory}/${partName(part.file)}`;
    return {
      ...sourcePart(pass, part),
      mapping,
      namespace,
      folder: pass.folder,
      targets: [{ name: "", file: `${file}${itemsSuffix(pass, mapping.to)}` }],
      home: 0,
      ...usesFiles(pass, file),
      listed: [],
      decisions: decisions[i] ?? NO_DECISIONS,
    };
  });
}

/** The target of a namespace's keys. */
interface KeysTarget extends Pick<KeysTask, "mapping"> {
  readonly directory: string;
  /** The key columns, if the source has tables. */
  readonly keyColumns?: readonly string[];
}

/** Writes the keys of a delta's lines and key lines, part by part. */
export async function* writeKeyParts(
  pass: Pass,
  parts: readonly PartEntry[],
  { mapping, directory, keyColumns = [] }: KeysTarget,
): AsyncGenerator<TransformEvent, PartEntry[]> {
  const tasks = parts.map((part) => ({
    ...sourcePart(pass, part),
    mapping,
    keyColumns,
    folder: pass.folder,
    keysFile: `${directory}/keys-${partName(part.file)}${itemsSuffix(pass, mapping.to)}`,
  }));
  const written = yield* runPass(pass, "keys", "keys", tasks);
  return written.flatMap((part) => part ?? []);
}

/** Returns the files of lines in quarantine and of listed lines. */
export function usesFiles(
  pass: Pick<Pass, "keys">,
  file: string,
): Pick<WriteTask, "quarantineFile" | "listFile"> {
  const suffix = itemsSuffix(pass, "documents");
  return { quarantineFile: `quarantine/${file}${suffix}`, listFile: `listed/${file}${suffix}` };
}

/** Returns the end of the name of a part of rows or documents. */
export function itemsSuffix({ keys }: Pick<Pass, "keys">, to: Mapping["to"]): string {
  return `.${to === "rows" ? "csv" : "ndjson"}.zst${ageSuffix(keys)}`;
}

/** Returns the name of a part: `00012` for `source/db/collection/00012.ndjson.zst.age`. */
export function partName(file: string): string {
  return basename(file).replace(/\.ndjson\.zst(\.age)?$/, "");
}
