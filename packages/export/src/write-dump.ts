import type { Dump } from "@firebreak/mongodump";
import { DumpIds } from "./dump-ids.ts";
import type { FinishedRange } from "./export-progress.ts";
import { documentLines, PartSequence } from "./part-sequence.ts";
import { bytesOf } from "./write-range.ts";

/** Collections of a dump that are read in one go, as they go to a worker thread. */
export interface DumpTask {
  readonly archive: string;
  readonly recipients: readonly string[];
  readonly collections: readonly { readonly namespace: string; readonly directory: string }[];
  readonly partBytes: number;
}

/**
 * Writes collections of a dump as sealed parts, numbered in the order of the
 * dump. Where the dump has collections interleaved, as many are open at a time
 * as mongodump was told to read at once (4 unless told), each at some 3 MiB.
 *
 * @param count is told of documents and BSON bytes as they are read.
 */
export async function writeDump(
  dump: Dump,
  task: DumpTask,
  count: (documents: number, bytes: number) => void,
): Promise<FinishedRange[]> {
  const { archive, recipients, partBytes } = task;
  const directories = new Map(task.collections.map((c) => [c.namespace, c.directory]));
  const lines = documentLines();
  const described = new Map(dump.collections.map((c) => [c.namespace, c]));
  const open = new Map<string, OpenCollection>();
  const finished: FinishedRange[] = [];
  try {
    for await (const { namespace, documents, isLast } of dump.read([...directories.keys()])) {
      const fileOf = (sequence: number): string => partFile(directories.get(namespace)!, sequence);
      const collection = open.get(namespace) ?? {
        parts: new PartSequence({ archive, recipients, partBytes, fileOf }, lines),
        ids: new DumpIds(archive, described.get(namespace)!),
      };
      open.set(namespace, collection);
      const { parts, ids } = collection;
      for (const document of documents) await ids.add(document);
      await parts.write(documents);
      count(documents.length, bytesOf(documents));
      if (!isLast) continue;
      const repeated = await ids.repeated();
      await ids.close();
      const written = await parts.finish();
      finished.push({ namespace, index: 0, ...written, ...(repeated === undefined ? {} : { repeated }) });
      open.delete(namespace);
    }
    return finished;
  } catch (error) {
    for (const { parts, ids } of open.values()) {
      await ids.close();
      await parts.abandon();
    }
    throw error;
  }
}

interface OpenCollection {
  readonly parts: PartSequence<Buffer>;
  readonly ids: DumpIds;
}

function partFile(directory: string, sequence: number): string {
  return `${directory}/${String(sequence).padStart(5, "0")}.ndjson.zst`;
}
