import { appendFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  collectOften,
  diskFault,
  killPoint,
  sha256Of,
  sourceSelection,
  type NamespaceFilter,
} from "@firebreak/archive";
import { OplogChanges, type ChangedCollection, type Dump, type OplogChange } from "@firebreak/mongodump";

/** The folder, in an unfinished archive, for the changes in an oplog. */
export const OPLOG_FOLDER = "export-oplog.partial";

/** Facts about an oplog. */
export interface OplogFacts {
  readonly path: string;
  readonly entryCount: number;
  /**
   * The time of the last entry: if the oplog is applied, all documents are of this moment. Undefined if there
   * is none.
   */
  readonly until: string | undefined;
}

/**
 * Reads the oplog of a dump to its end.
 *
 * @param take is called with the changes of each block of entries.
 * @throws {FirebreakError} `oplog-entry` for the first entry that cannot be followed; `dump-damaged`.
 */
export async function readOplog(
  dump: Dump,
  filter: NamespaceFilter,
  take: (changes: readonly OplogChange[]) => Promise<void> | void = () => undefined,
): Promise<OplogFacts | undefined> {
  const { oplog } = dump;
  if (oplog === undefined) return undefined;
  collectOften();
  const choose = sourceSelection(filter);
  const changes = new OplogChanges({
    path: oplog.path,
    isWanted: (database, collection) => choose(database, collection) === "wanted",
    namespaces: new Set(dump.collections.map((c) => c.namespace)),
  });
  for await (const entries of oplog.entries()) await take(entries.flatMap((bytes) => changes.of(bytes)));
  return { path: oplog.path, entryCount: changes.entryCount, until: changes.time };
}

/**
 * Writes the changes of each collection to a file of its own, so that each can be applied alone. The files
 * replace those of an earlier run.
 *
 * @returns the files by namespace; a collection that did not change has none.
 */
export async function splitOplog(
  dump: Dump,
  filter: NamespaceFilter,
  archive: string,
): Promise<ReadonlyMap<string, ChangedCollection>> {
  const folder = join(archive, OPLOG_FOLDER);
  const files = new Map<string, ChangedCollection>();
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await readOplog(dump, filter, async (changes) => {
      for (const [namespace, own] of Map.groupBy(changes, (change) => change.namespace)) {
        const file = join(folder, sha256Of(namespace));
        files.set(namespace, { namespace, file, path: dump.oplog!.path });
        await appendFile(file, Buffer.concat(own.map(({ bytes }) => bytes)));
      }
    });
  } catch (error) {
    throw diskFault(error, folder);
  }
  killPoint("oplog-split");
  return files;
}
