import { ChangedDocuments, type ChangedCollection, type Dump } from "@firebreak/mongodump";
import { DumpIds } from "./dump-ids.ts";
import type { FinishedRange } from "../export-progress.ts";
import { documentLines } from "../parts/item-lines.ts";
import { PartSequence, sequenceFile } from "@firebreak/items";
import { bytesOf } from "../mongodb/write-range.ts";

/** Collections of a dump that are read in one pass, as they go to a worker thread. */
export interface DumpTask {
  readonly archive: string;
  readonly recipients: readonly string[];
  readonly collections: readonly {
    readonly namespace: string;
    readonly directory: string;
    /** The changes to it in an oplog that is applied. */
    readonly changes: ChangedCollection | undefined;
  }[];
  readonly partBytes: number;
}

/**
 * Writes collections of a dump as sealed parts, numbered in the order of the dump. If the dump interleaves
 * collections, as many are open at a time as mongodump was told to read at once (4 by default), each with
 * some 3 MiB.
 *
 * @param count is called with the documents and BSON bytes that were read.
 */
export async function writeDump(
  dump: Dump,
  task: DumpTask,
  count: (documents: number, bytes: number) => void,
): Promise<FinishedRange[]> {
  const { archive, recipients, partBytes } = task;
  const directories = new Map(task.collections.map((c) => [c.namespace, c.directory]));
  const changed = new Map(task.collections.map((c) => [c.namespace, c.changes]));
  const lines = documentLines();
  const described = new Map(dump.collections.map((c) => [c.namespace, c]));
  const open = new Map<string, OpenCollection>();
  const finished: FinishedRange[] = [];
  const begin = async (namespace: string): Promise<OpenCollection> => {
    const fileOf = (sequence: number): string => sequenceFile(directories.get(namespace)!, sequence);
    // This comes first, since it may be refused.
    const changes = await openChanges(changed.get(namespace));
    return {
      parts: new PartSequence({ archive, recipients, partBytes, fileOf }, lines),
      ids: new DumpIds(archive, described.get(namespace)!),
      changes,
    };
  };
  try {
    for await (const { namespace, documents, isLast } of dump.read([...directories.keys()])) {
      const collection = open.get(namespace) ?? (await begin(namespace));
      open.set(namespace, collection);
      const { parts, ids, changes } = collection;
      const write = async (written: readonly Buffer[]): Promise<void> => {
        for (const document of written) await ids.add(document);
        await parts.write(written);
      };
      await write(changes === undefined ? documents : appliedTo(documents, changes));
      count(documents.length, bytesOf(documents));
      if (!isLast) continue;
      if (changes !== undefined) for (const document of changes.others()) await write([document]);
      changes?.close();
      const repeated = await ids.repeated();
      await ids.close();
      const written = await parts.finish();
      finished.push({ namespace, index: 0, ...written, ...(repeated === undefined ? {} : { repeated }) });
      open.delete(namespace);
    }
    return finished;
  } catch (error) {
    for (const { parts, ids, changes } of open.values()) {
      changes?.close();
      await ids.close();
      await parts.abandon();
    }
    throw error;
  }
}

interface OpenCollection {
  readonly parts: PartSequence<Buffer>;
  readonly ids: DumpIds;
  readonly changes: ChangedDocuments | undefined;
}

async function openChanges(changes: ChangedCollection | undefined): Promise<ChangedDocuments | undefined> {
  return changes === undefined ? undefined : ChangedDocuments.open(changes);
}

function appliedTo(documents: readonly Buffer[], changes: ChangedDocuments): Buffer[] {
  return documents.flatMap((document) => changes.applyTo(document) ?? []);
}
