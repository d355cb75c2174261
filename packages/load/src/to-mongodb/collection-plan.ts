import {
  addDigests,
  EMPTY_DIGEST,
  sha256Of,
  type MongodbCollection,
  type PlainDigest,
  type TablePart,
} from "@firebreak/archive";
import type { DefinedCollection, Definition, LedgerState, LoadedPart } from "@firebreak/mongodb";

/** A collection of the archive, and what it is to be in the target. */
export interface PlannedCollection extends DefinedCollection {
  readonly source: MongodbCollection;
  readonly collection: string;
  /** What the ledger knows the archive's collection by. */
  readonly contentSha256: string;
}

/** A part that is in, and what the ledger says of it. */
export interface DonePart {
  readonly part: TablePart;
  readonly ledger: LoadedPart;
}

/** A planned collection, and how far the target is with it. */
export interface CollectionWork {
  readonly planned: PlannedCollection;
  /** Whether a collection, empty or not, is in its place. */
  readonly exists: boolean;
  /** Of the ledger; undefined where no load has begun it. */
  readonly state: LedgerState | undefined;
  readonly done: readonly DonePart[];
  readonly todo: readonly TablePart[];
}

/** What goes where. Pure. @param targetDatabase the one that the URL names, if any. */
export function planCollection(
  source: MongodbCollection,
  definition: Definition,
  targetDatabase: string | undefined,
): PlannedCollection {
  const database = targetDatabase ?? source.database;
  const { collection } = source;
  return {
    ...definition,
    source,
    namespace: `${database}.${collection}`,
    database,
    collection,
    kind: "collection",
    contentSha256: sha256Of(JSON.stringify(source.parts.map((p) => [p.file, p.plainSha256]))),
  };
}

/** Documents of parts that are in, and those of them that were refused. */
export function countsOf(done: readonly DonePart[]): {
  readonly digest: PlainDigest;
  readonly refused: number;
} {
  return {
    digest: done.map((d) => d.ledger.digest).reduce(addDigests, EMPTY_DIGEST),
    refused: done.reduce((sum, { ledger }) => sum + (ledger.quarantine?.lineCount ?? 0), 0),
  };
}

/** Documents in quarantine. */
export function refusedOf(work: readonly Pick<CollectionWork, "done">[]): number {
  return work.reduce((sum, { done }) => sum + countsOf(done).refused, 0);
}
