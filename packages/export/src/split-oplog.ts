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

/** Folder in an archive under way for the changes that an oplog has. */
export const OPLOG_FOLDER = "export-oplog.partial";

/** What an oplog was found to have. */
export interface OplogFacts {
  readonly path: string;
  readonly entryCount: number;
  /** Of the last entry: the moment that everything is of when the oplog is applied. Undefined where it has none. */
  readonly until: string | undefined;
}

/**
 * Reads the oplog of a dump to its end.
 *
 * @param take is given the changes of each block of entries.
 * @throws {FirebreakError} `oplog-entry` for the first that cannot be followed; `dump-damaged`.
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
 * Writes the changes of each collection to a file of its own, so that each can be
 * applied alone. An earlier run's files are replaced.
 *
 * @returns where they are, by namespace; a collection that did not change has none.
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
