import {
  LeftOutTally,
  reasonOf,
  sourceSelection,
  type NamespaceFilter,
  type SourceCollection,
} from "@firebreak/archive";
import { readPrelude, type PreludeEntry } from "./archive-prelude.ts";
import { readSegments } from "./archive-segments.ts";
import { remarksOn, type Dump, type DumpBatch } from "./dump.ts";
import { expectDatabaseName } from "./file-name.ts";
import { NO_METADATA, readMetadata } from "./metadata.ts";
import { mongodumpFault } from "./mongodump-faults.ts";

/** Opens the file of `mongodump --archive`, which lists its contents at its beginning. */
export async function openArchiveDump(file: string, filter: NamespaceFilter): Promise<Dump> {
  const { entries, serverVersion } = await readPrelude(file);
  const choose = sourceSelection(filter);
  const leftOut = new LeftOutTally();
  const wanted = entries.filter((entry) => {
    if (isOplog(entry)) return false;
    const choice = choose(entry.database, entry.collection);
    leftOut.addChoice(choice, namespaceOf(entry));
    return choice === "wanted";
  });
  const read = (namespaces: readonly string[]): AsyncGenerator<DumpBatch> =>
    readSegments(file, entries, new Set(namespaces));
  return {
    collections: wanted
      .map((entry) => described(file, entry))
      .toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1)),
    serverVersion,
    leftOut: leftOut.found(filter),
    oplog: entries.some(isOplog) ? { path: file, entries: () => documentsOf(read([OPLOG])) } : undefined,
    remarks: remarksOn({
      only: undefined,
      unknownFiles: [],
      undescribed: wanted.filter((e) => e.metadata === "").map(namespaceOf),
    }),
    // One group: reading a single collection would cost a pass over the whole file.
    readingGroups: (namespaces) => (namespaces.length === 0 ? [] : [namespaces]),
    read,
  };
}

async function* documentsOf(batches: AsyncIterable<DumpBatch>): AsyncGenerator<readonly Buffer[]> {
  for await (const { documents } of batches) yield documents;
}

/** The oplog's name as `namespaceOf` makes it. */
const OPLOG = ".oplog";

function namespaceOf({ database, collection }: PreludeEntry): string {
  return `${database}.${collection}`;
}

/** True for the oplog, which is listed among the collections without a database. */
function isOplog(entry: PreludeEntry): boolean {
  return namespaceOf(entry) === OPLOG;
}

function described(file: string, entry: PreludeEntry): SourceCollection {
  const { database, collection } = entry;
  const namespace = namespaceOf(entry);
  expectDatabaseName(database, file);
  try {
    const { kind, optionsText, indexTexts } =
      entry.metadata === "" ? NO_METADATA : readMetadata(entry.metadata);
    return { namespace, database, collection, kind, optionsText, indexTexts };
  } catch (error) {
    throw mongodumpFault("dump-metadata", { file, namespace, reason: reasonOf(error) }, error);
  }
}
