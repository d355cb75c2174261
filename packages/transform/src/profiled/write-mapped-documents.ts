import { readLines, type PartEntry, type ReadLine } from "@firebreak/archive";
import { DocumentLines } from "../document-lines.ts";
import type { Keys } from "../keys.ts";
import { LazyPart } from "../lazy-part.ts";
import type { MappedTargetDocument, ProfileCollection, ProfileMapped, ProfileNamespace } from "../profile.ts";
import {
  DocumentSink,
  proveDocument,
  type ProvedDocument,
  type WrittenCollectionDocuments,
} from "./document-sink.ts";
import { lookupIn, type TwinFate } from "./find-twins.ts";
import type { KeyRun } from "./key-run.ts";
import { LineUses, type UsedLines } from "./line-uses.ts";
import { QuarantinePart } from "../quarantine-part.ts";
import { profileWorker } from "./profile-worker.ts";

/** The task to make documents of one source part. Files are relative to the folder that transform writes. */
export interface MappedDocumentsTask {
  readonly sourceFile: string;
  readonly part: PartEntry;
  readonly keys: Keys;
  readonly module: string;
  readonly data: unknown;
  readonly namespace: ProfileNamespace;
  readonly collections: readonly ProfileCollection[];
  readonly folder: string;
  /** The files, by the collection's index in the plan. */
  readonly files: readonly string[];
  readonly quarantineFile: string;
  readonly listFile: string;
  readonly listed: readonly string[];
  readonly lookups: ReadonlyMap<string, readonly KeyRun[]>;
  readonly fates: ReadonlyMap<number, TwinFate>;
}

export interface WrittenMappedDocuments extends UsedLines {
  readonly documents: readonly WrittenCollectionDocuments[];
}

/** Maps one part of lines to at most one part of documents for each collection, like `writeMappedRows`. */
export async function writeMappedDocuments(
  task: MappedDocumentsTask,
  count: (lines: number, bytes: number) => void,
): Promise<WrittenMappedDocuments> {
  const { folder, namespace, collections, fates } = task;
  const partOf = (file: string): LazyPart => new LazyPart(folder, file, task.keys.recipients);
  const worker = await profileWorker(task.module);
  const mapper = worker.documentMapper(task.data, namespace, lookupIn(task.lookups));
  const home = collections.findIndex((c) => c.namespace === namespace.namespace);
  const uses = new LineUses<ProvedOutput>(
    { namespace: namespace.namespace, part: task.part.file },
    {
      quarantine: new QuarantinePart({ ...task, namespace: namespace.namespace }),
      list: partOf(task.listFile),
    },
    new Set(task.listed),
    ([first]) =>
      first === undefined || first.collection === home
        ? undefined
        : collections[first.collection]!.collection,
  );
  const lines = new DocumentLines();
  const sinks = new Map<number, DocumentSink>();
  const sinkOf = (collection: number): DocumentSink => {
    const known = sinks.get(collection);
    if (known !== undefined) return known;
    const sink = new DocumentSink(partOf(task.files[collection]!), collection);
    sinks.set(collection, sink);
    return sink;
  };

  const take = (read: ReadLine): void => {
    const proved = prove(lines, mapper.map(read));
    for (const { collection, document } of uses.take(read, proved, fates.get(read.number)))
      sinkOf(collection).add(document);
  };
  const flush = async (lineCount: number, bytes: number): Promise<void> => {
    await sinks.get(home)?.flush();
    await uses.flush();
    count(lineCount, bytes);
  };

  try {
    await readLines(task.sourceFile, task.part, task.keys, take, flush);
    const documents: WrittenCollectionDocuments[] = [];
    for (const sink of sinks.values()) {
      const written = await sink.seal();
      if (written !== undefined) documents.push(written);
    }
    return { documents, ...(await uses.seal()) };
  } catch (error) {
    for (const sink of sinks.values()) await sink.abandon();
    await uses.abandon();
    throw error;
  }
}

interface ProvedOutput {
  readonly collection: number;
  readonly document: ProvedDocument;
}

/** Proves all documents of a line before it keeps one: a line is mapped whole or goes to quarantine. */
function prove(
  lines: DocumentLines,
  mapped: ProfileMapped<MappedTargetDocument>,
): ProfileMapped<ProvedOutput> {
  if (mapped.kind !== "mapped") return mapped;
  const outputs: ProvedOutput[] = [];
  for (const output of mapped.outputs) {
    const document = proveDocument(lines, output);
    if ("reason" in document) return { kind: "quarantine", reason: document.reason, field: document.field };
    outputs.push({ collection: output.collection, document });
  }
  return { ...mapped, outputs };
}
