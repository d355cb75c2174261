import { LeftOutTally, sourceSelection, type NamespaceFilter, asObject } from "@firebreak/archive";
import { findCollections, type FoundCollection } from "./database-folder.ts";
import { DocumentCutter, isTerminator } from "./document-cutter.ts";
import { remarksOn, type Dump } from "./dump.ts";
import type { FolderContents } from "./folder-contents.ts";
import { readBlocks, readText } from "./read-blocks.ts";
import { dumpReason } from "./mongodump-reasons.ts";

/** Opens the folder of `mongodump --out`, the folder of one database in it, or the file of one collection. */
export async function openFolderDump(
  path: string,
  contents: FolderContents,
  filter: NamespaceFilter,
): Promise<Dump> {
  const choose = sourceSelection(filter);
  const leftOut = new LeftOutTally();
  const found: FoundCollection[] = [];
  for (const { database, folder, names } of contents.databases)
    found.push(
      ...(await findCollections(folder, database, names, (collection) => {
        const choice = choose(database, collection);
        leftOut.addChoice(choice, `${database}.${collection}`);
        return choice === "wanted";
      })),
    );
  const { isOfOne, databases, preludes, unknownFiles, oplog } = contents;
  const remarks = remarksOn({
    only: isOfOne ? { path, database: databases[0]!.database } : undefined,
    unknownFiles,
    undescribed: found.filter((c) => !c.isDescribed).map((c) => c.namespace),
  });
  const files = new Map(found.map((c) => [c.namespace, c.data]));
  return {
    collections: found.toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1)),
    serverVersion: await serverVersionIn(preludes),
    remarks,
    leftOut: leftOut.found(filter),
    oplog:
      oplog === undefined
        ? undefined
        : { path: oplog, entries: () => readDocuments(oplog, oplog.endsWith(".gz")) },
    readingGroups: (namespaces) => namespaces.map((namespace) => [namespace]),
    read: async function* (namespaces) {
      for (const namespace of namespaces) {
        const data = files.get(namespace);
        if (data !== undefined)
          for await (const documents of readDocuments(data.file, data.isGzip))
            yield { namespace, documents, isLast: false };
        yield { namespace, documents: [], isLast: true };
      }
    },
  };
}

/** Yields the documents of one file, block by block. */
async function* readDocuments(file: string, isGzip: boolean): AsyncGenerator<Buffer[]> {
  const cutter = new DocumentCutter(file);
  for await (const block of readBlocks(file, isGzip)) {
    const documents: Buffer[] = [];
    for (const document of cutter.cut(block)) {
      if (isTerminator(document)) throw cutter.damage(dumpReason("document-length", { length: -1 }));
      documents.push(document);
    }
    if (documents.length > 0) yield documents;
  }
  cutter.end();
}

/** Reads the version from `prelude.json`, at the top or, in a dump of one database, beside its files. */
async function serverVersionIn(preludes: readonly string[]): Promise<string | undefined> {
  const [file] = preludes;
  if (file === undefined) return undefined;
  try {
    const { ServerVersion } = asObject(JSON.parse(await readText(file, file.endsWith(".gz"))));
    return typeof ServerVersion === "string" ? ServerVersion : undefined;
  } catch {
    // No document depends on it, and older dumps do not have it.
    return undefined;
  }
}
