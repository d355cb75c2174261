import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  diskFault,
  eachPart,
  LineDecoder,
  MYSQL_FOLDER,
  namespaceTest,
  readCollectionFile,
  readSourceManifest,
  syncFolder,
  verifyArchive,
  type SourceNamespace,
  type StepEvent,
} from "@firebreak/archive";
import { DumpFolderWriter, mongodumpFault } from "@firebreak/mongodump";
import { readDocuments, type OpenArchive } from "./read-documents.ts";
import { restoreFault } from "./restore-faults.ts";

/** Documents gathered before they go to the file. */
const FLUSH_BYTES = 1 << 20;

export interface DumpOptions extends OpenArchive {
  /** The dump's folder, which must not hold anything. */
  readonly folder: string;
  readonly jobs: number;
  /** Globs on the archive's namespaces. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/**
 * Writes an archive as a folder that the stock mongorestore takes; no server is
 * needed. The folder gets its name when all of it is there: what a run that was
 * cut off left beside it is written again.
 *
 * @throws {FirebreakError} of restore, mongodump or archive.
 */
export async function* restoreToDump(options: DumpOptions): AsyncGenerator<StepEvent> {
  const { archive, identities, folder, jobs } = options;
  const mysqlFolder = join(archive, MYSQL_FOLDER);
  for await (const event of verifyArchive({ archive, mysqlFolder, depth: "files", jobs, identities }))
    if (event.kind === "progress") yield event;
  const { manifest } = await readSourceManifest(archive, identities);
  const isWanted = namespaceTest(options);
  const namespaces = manifest.namespaces.filter((n) => isWanted(n.namespace));
  if (namespaces.length === 0) throw restoreFault("restore-nothing", options);
  await refuseTaken(folder);
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  const writer = await DumpFolderWriter.open(partial);
  const totalItems = namespaces.reduce((sum, n) => sum + n.lineCount, 0);
  let items = 0;
  let bytes = 0;
  const count = (documents: number, documentBytes: number): void => {
    items += documents;
    bytes += documentBytes;
  };
  const write = (ns: SourceNamespace): Promise<void> => writeNamespace(writer, options, ns, count);
  for await (const _ of eachPart(namespaces, jobs, write))
    yield { kind: "progress", stage: "restore", items, bytes, totalItems };
  await putInPlace(partial, folder);
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
  { archive, identities }: OpenArchive,
  ns: SourceNamespace,
  count: (documents: number, bytes: number) => void,
): Promise<void> {
  const { namespace, database, collection, kind } = ns;
  const texts = await readCollectionFile(archive, ns, identities);
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
    for (const part of ns.parts) await readDocuments({ archive, identities }, part, () => decoder, take);
    if (gathered > 0) await flush();
    await file.seal();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

async function refuseTaken(folder: string): Promise<void> {
  const [found] = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw diskFault(error, folder);
  });
  if (found !== undefined) throw mongodumpFault("dump-folder-taken", { folder, found });
}

async function putInPlace(partial: string, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await rmdir(folder);
    await rename(partial, folder);
    await syncFolder(dirname(folder));
  } catch (error) {
    throw diskFault(error, folder);
  }
}
