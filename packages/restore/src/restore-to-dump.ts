import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import {
  diskFault,
  eachPart,
  FolderLock,
  LineDecoder,
  readCollectionFile,
  readSourceManifest,
  syncFolder,
  type SourceNamespace,
  type StepEvent,
} from "@firebreak/archive";
import { refuseDelta } from "@firebreak/items";
import { verifyArchive } from "@firebreak/verify";
import { readDocuments, type OpenArchive } from "@firebreak/mongodb";
import { DumpFolderWriter, mongodumpFault } from "@firebreak/mongodump";
import { ProgressCounters } from "@firebreak/workers";
import { selectedNamespaces } from "./restore-options.ts";

/** The bytes of documents that are collected before they are written to the file. */
const FLUSH_BYTES = 1 << 20;

export interface DumpOptions extends OpenArchive {
  /** The dump's folder, which must be empty. */
  readonly folder: string;
  readonly jobs: number;
  /** Globs on the archive's namespaces. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** The folder of an unfinished dump. It is inside the dump's folder, which may be a disc of its own. */
const UNFINISHED = "unfinished.firebreak";
const LOCK = "restore.lock";

/**
 * Writes an archive as a folder for the stock mongorestore. It needs no server.
 *
 * The databases' folders are moved into place when everything is there. An interrupted run's files are
 * recognised by their name, and written again.
 *
 * @throws {FirebreakError} an error of restore, mongodump or archive.
 */
export async function* restoreToDump(options: DumpOptions): AsyncGenerator<StepEvent> {
  const { archive, identities, folder, jobs } = options;
  for await (const event of verifyArchive({ archive, depth: "files", jobs, identities }))
    if (event.kind === "progress") yield event;
  const { manifest } = await readSourceManifest(archive, identities);
  refuseDelta(manifest, archive);
  const namespaces = selectedNamespaces(options, manifest);
  await makeFolder(folder);
  const lock = await FolderLock.take(join(folder, LOCK));
  try {
    await emptyUnfinished(folder);
    yield* writeDump(options, namespaces, lock);
  } finally {
    await lock.release();
  }
}

async function* writeDump(
  options: DumpOptions,
  namespaces: readonly SourceNamespace[],
  lock: FolderLock,
): AsyncGenerator<StepEvent> {
  const { folder, jobs } = options;
  const writer = await DumpFolderWriter.open(join(folder, UNFINISHED));
  const totalItems = namespaces.reduce((sum, n) => sum + n.lineCount, 0);
  // One thread writes several collections at the same time: they take turns as threads do.
  const counters = new ProgressCounters();
  const open: OpenArchive = { ...options, hugeTurn: counters };
  const count = (documents: number, bytes: number): void => counters.add(documents, bytes);
  const write = (ns: SourceNamespace): Promise<void> => writeNamespace(writer, open, ns, count);
  for await (const _ of eachPart(namespaces, jobs, write)) {
    lock.assertHeld();
    yield { kind: "progress", stage: "restore", items: counters.items, bytes: counters.bytes, totalItems };
  }
  lock.assertHeld();
  await putInPlace(folder);
  yield {
    kind: "account",
    accounts: namespaces.map(({ namespace, lineCount }) => ({
      namespace,
      lines: lineCount,
      documents: lineCount,
    })),
  };
}

async function writeNamespace(
  writer: DumpFolderWriter,
  open: OpenArchive,
  ns: SourceNamespace,
  count: (documents: number, bytes: number) => void,
): Promise<void> {
  const { namespace, database, collection, kind } = ns;
  const texts = await readCollectionFile(open.archive, ns, open.identities);
  const file = await writer.collection({ namespace, database, collection, kind, ...texts });
  const decoder = new LineDecoder();
  const { out } = decoder;
  let gathered = 0;
  const flush = async (): Promise<void> => {
    await file.write(out.written());
    count(gathered, out.at);
    out.clear();
    gathered = 0;
  };
  const take = (): Promise<void> | undefined => {
    gathered++;
    return out.at < FLUSH_BYTES ? undefined : flush();
  };
  try {
    for (const part of ns.parts) await readDocuments(open, part, () => decoder, take);
    if (gathered > 0) await flush();
    await file.seal();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, folder);
  });
}

/** Empties a folder with an unfinished dump. It was empty when that dump began, so everything is ours. */
async function emptyUnfinished(folder: string): Promise<void> {
  try {
    const found = (await readdir(folder)).filter((name) => !name.startsWith(LOCK));
    if (found.length === 0) return;
    if (!found.includes(UNFINISHED)) throw mongodumpFault("dump-folder-taken", { folder, found: found[0]! });
    // The unfinished folder goes last, because it proves that the rest may go.
    for (const name of found.filter((n) => n !== UNFINISHED))
      await rm(join(folder, name), { recursive: true });
    await rm(join(folder, UNFINISHED), { recursive: true });
  } catch (error) {
    throw diskFault(error, folder);
  }
}

async function putInPlace(folder: string): Promise<void> {
  try {
    const unfinished = join(folder, UNFINISHED);
    for (const database of await readdir(unfinished))
      await rename(join(unfinished, database), join(folder, database));
    await rmdir(unfinished);
    await syncFolder(folder);
  } catch (error) {
    throw diskFault(error, folder);
  }
}
