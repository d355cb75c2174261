import {
  LeftOutTally,
  reasonOf,
  sourceSelection,
  type LeftOut,
  type NamespaceFilter,
  type SourceCollection,
} from "@firebreak/archive";
import { readPrelude, type Prelude, type PreludeEntry } from "./archive-prelude.ts";
import { readSegments } from "./archive-segments.ts";
import type { Dump, DumpBatch, DumpOplog } from "./dump.ts";
import { remarksOn, type DumpRemark } from "./dump-remark.ts";
import { expectDatabaseName } from "./file-name.ts";
import { NO_METADATA, readMetadata } from "./metadata.ts";
import { mongodumpFault } from "./mongodump-faults.ts";

/** Opens the file of `mongodump --archive`, which lists its contents at its beginning. */
export async function openArchiveDump(file: string, filter: NamespaceFilter): Promise<Dump> {
  return new ArchiveDump(file, await readPrelude(file), filter);
}

class ArchiveDump implements Dump {
  readonly collections: readonly SourceCollection[];
  readonly serverVersion: string | undefined;
  readonly remarks: readonly DumpRemark[];
  readonly leftOut: readonly LeftOut[];
  readonly oplog: DumpOplog | undefined;
  readonly #file: string;
  readonly #entries: readonly PreludeEntry[];

  constructor(file: string, { entries, serverVersion }: Prelude, filter: NamespaceFilter) {
    this.#file = file;
    this.#entries = entries;
    this.serverVersion = serverVersion;
    const choose = sourceSelection(filter);
    const leftOut = new LeftOutTally();
    const wanted = entries.filter((entry) => {
      if (isOplog(entry)) return false;
      const choice = choose(entry.database, entry.collection);
      leftOut.addChoice(choice, namespaceOf(entry));
      return choice === "wanted";
    });
    this.collections = wanted
      .map((entry) => described(file, entry))
      .toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1));
    this.leftOut = leftOut.found(filter);
    this.oplog = entries.some(isOplog) ? { path: file, entries: () => this.#oplogEntries() } : undefined;
    this.remarks = remarksOn({
      only: undefined,
      unknownFiles: [],
      undescribed: wanted.filter((e) => e.metadata === "").map(namespaceOf),
    });
  }

  /** Returns one group: reading a single collection would cost a pass over the whole file. */
  readingGroups(namespaces: readonly string[]): readonly (readonly string[])[] {
    return namespaces.length === 0 ? [] : [namespaces];
  }

  read(namespaces: readonly string[]): AsyncGenerator<DumpBatch> {
    return readSegments(this.#file, this.#entries, new Set(namespaces));
  }

  async *#oplogEntries(): AsyncGenerator<readonly Buffer[]> {
    for await (const { documents } of this.read([OPLOG])) yield documents;
  }
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
