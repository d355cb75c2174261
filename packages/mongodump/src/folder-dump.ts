import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import {
  diskFault,
  LeftOutTally,
  sourceSelection,
  type LeftOut,
  type NamespaceFilter,
  type SourceCollection,
} from "@firebreak/archive";
import { findCollections, type FoundCollection } from "./database-folder.ts";
import { DocumentCutter, isTerminator } from "./document-cutter.ts";
import type { Dump, DumpBatch } from "./dump.ts";
import { remarksOn, type DumpRemark } from "./dump-remark.ts";
import { mongodumpFault } from "./mongodump-faults.ts";
import { readBlocks, readText } from "./read-blocks.ts";

/** At the top of a dump made with `--oplog`: what happened while it was made. Never compressed by mongodump, but perhaps since. */
const OPLOG_FILE = /^oplog\.bson(?:\.gz)?$/;
const PRELUDE_FILE = /^prelude\.json(?:\.gz)?$/;
const DATA_FILE = /\.(?:bson|metadata\.json)(?:\.gz)?$/;

/** Opens the folder of `mongodump --out`: a folder for each database, in it files for each collection. */
export async function openFolderDump(path: string, filter: NamespaceFilter): Promise<Dump> {
  const choose = sourceSelection(filter);
  const leftOut = new LeftOutTally();
  const found: FoundCollection[] = [];
  const preludes: string[] = [];
  const unknownFiles: string[] = [];
  let oplog: string | undefined;
  let isDump = false;
  for (const name of await namesIn(path)) {
    const file = join(path, name);
    if (await isFolder(file)) {
      const names = await namesIn(file);
      isDump ||= names.some((n) => DATA_FILE.test(n));
      preludes.push(...names.filter((n) => PRELUDE_FILE.test(n)).map((n) => join(file, n)));
      unknownFiles.push(
        ...names.filter((n) => !DATA_FILE.test(n) && !PRELUDE_FILE.test(n)).map((n) => `${name}/${n}`),
      );
      found.push(
        ...(await findCollections(file, name, names, (collection) => {
          const choice = choose(name, collection);
          leftOut.addChoice(choice, `${name}.${collection}`);
          return choice === "wanted";
        })),
      );
    } else if (OPLOG_FILE.test(name)) oplog = file;
    else if (PRELUDE_FILE.test(name)) preludes.push(file);
    else if (DATA_FILE.test(name)) throw databaseFolder(path);
    else unknownFiles.push(name);
  }
  if (!isDump) throw mongodumpFault("dump-foreign", { path });
  const undescribed = found.filter((c) => !c.isDescribed).map((c) => c.namespace);
  const remarks = remarksOn({ oplog, unknownFiles, undescribed });
  return new FolderDump(found, await serverVersionIn(preludes), remarks, leftOut.found(filter));
}

class FolderDump implements Dump {
  readonly collections: readonly SourceCollection[];
  readonly serverVersion: string | undefined;
  readonly remarks: readonly DumpRemark[];
  readonly leftOut: readonly LeftOut[];
  readonly #files: ReadonlyMap<string, FoundCollection["data"]>;

  constructor(
    found: readonly FoundCollection[],
    serverVersion: string | undefined,
    remarks: readonly DumpRemark[],
    leftOut: readonly LeftOut[],
  ) {
    this.collections = found.toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1));
    this.serverVersion = serverVersion;
    this.remarks = remarks;
    this.leftOut = leftOut;
    this.#files = new Map(found.map((c) => [c.namespace, c.data]));
  }

  readingGroups(namespaces: readonly string[]): readonly (readonly string[])[] {
    return namespaces.map((namespace) => [namespace]);
  }

  async *read(namespaces: readonly string[]): AsyncGenerator<DumpBatch> {
    for (const namespace of namespaces) {
      const data = this.#files.get(namespace);
      if (data !== undefined)
        for await (const documents of readDocuments(data.file, data.isGzip))
          yield { namespace, documents, isLast: false };
      yield { namespace, documents: [], isLast: true };
    }
  }
}

/** The documents of one file, block by block. */
async function* readDocuments(file: string, isGzip: boolean): AsyncGenerator<Buffer[]> {
  const cutter = new DocumentCutter(file);
  for await (const block of readBlocks(file, isGzip)) {
    const documents: Buffer[] = [];
    for (const document of cutter.cut(block)) {
      if (isTerminator(document)) throw cutter.damage("-1 is no length of a document");
      documents.push(document);
    }
    if (documents.length > 0) yield documents;
  }
  cutter.end();
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw diskFault(error, folder);
  });
  return names.sort();
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: unknown) => {
    throw diskFault(error, path);
  });
  return found.isDirectory();
}

/** The version stands in `prelude.json`, at the top or, for a dump of one database, beside its files. */
async function serverVersionIn(preludes: readonly string[]): Promise<string | undefined> {
  const [file] = preludes;
  if (file === undefined) return undefined;
  try {
    const { ServerVersion } = JSON.parse(await readText(file, file.endsWith(".gz"))) as {
      ServerVersion?: unknown;
    };
    return typeof ServerVersion === "string" ? ServerVersion : undefined;
  } catch {
    // No document hangs on it: a dump without it, as older ones are, is as good.
    return undefined;
  }
}

/** The name of the database is that of its folder, which only the folder above can tell for sure. */
function databaseFolder(path: string): Error {
  const folder = resolve(path);
  return mongodumpFault("dump-database-folder", {
    path,
    database: basename(folder),
    parent: dirname(folder),
  });
}
