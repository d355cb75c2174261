import type { Dump } from "@firebreak/mongodump";
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
  const open = new Map<string, PartSequence<Buffer>>();
  const finished: FinishedRange[] = [];
  try {
    for await (const { namespace, documents, isLast } of dump.read([...directories.keys()])) {
      const fileOf = (sequence: number): string => partFile(directories.get(namespace)!, sequence);
      const parts =
        open.get(namespace) ?? new PartSequence({ archive, recipients, partBytes, fileOf }, lines);
      open.set(namespace, parts);
      await parts.write(documents);
      count(documents.length, bytesOf(documents));
      if (!isLast) continue;
      finished.push({ namespace, index: 0, ...(await parts.finish()) });
      open.delete(namespace);
    }
    return finished;
  } catch (error) {
    for (const parts of open.values()) await parts.abandon();
    throw error;
  }
}

function partFile(directory: string, sequence: number): string {
  return `${directory}/${String(sequence).padStart(5, "0")}.ndjson.zst`;
}
