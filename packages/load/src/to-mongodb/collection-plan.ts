import {
  addDigests,
  EMPTY_DIGEST,
  sha256Of,
  type MongodbCollection,
  type PartEntry,
  type PlainDigest,
  type TablePart,
} from "@firebreak/archive";
import type {
  DefinedCollection,
  Definition,
  LedgerState,
  LoadedCollection,
  LoadedPart,
} from "@firebreak/mongodb";
import type { ChainPlace } from "./chain-place.ts";

/** A collection of the archive, and what it is to be in the target. */
export interface PlannedCollection extends DefinedCollection {
  readonly source: MongodbCollection;
  readonly collection: string;
  /** What the ledger knows the archive's collection by. */
  readonly contentSha256: string;
  /** The chain that it is of. */
  readonly chain: string;
  /** What the ledger tells a delta's parts from those of other links by. */
  readonly link: string | undefined;
}

/** A part that is in, and what the ledger says of it. */
export interface DonePart {
  readonly part: Pick<TablePart, "file" | "lineCount">;
  readonly ledger: LoadedPart;
}

/** A planned collection, and how far the target is with it. */
export interface CollectionWork {
  readonly planned: PlannedCollection;
  /** Whether a collection, empty or not, is in its place. */
  readonly exists: boolean;
  /** What the ledger has of it, of this archive or of another. */
  readonly head: LoadedCollection | undefined;
  /** Of the ledger; undefined where no load of this very archive has begun it. */
  readonly state: LedgerState | undefined;
  readonly done: readonly DonePart[];
  readonly todo: readonly TablePart[];
  /** Of a delta: parts of keys whose documents are still to be deleted. */
  readonly keys: readonly PartEntry[];
  /** Of a delta: parts of earlier links of which documents are in quarantine. */
  readonly earlier: readonly DonePart[];
}

/** What goes where. Pure. @param targetDatabase the one that the URL names, if any. */
export function planCollection(
  source: MongodbCollection,
  definition: Definition,
  targetDatabase: string | undefined,
  { chain, archive, base }: ChainPlace,
): PlannedCollection {
  const database = targetDatabase ?? source.database;
  const { collection } = source;
  const parts = source.parts.map((p) => [p.file, p.plainSha256]);
  return {
    ...definition,
    source,
    namespace: `${database}.${collection}`,
    database,
    collection,
    kind: "collection",
    chain,
    link: base === undefined ? undefined : archive,
    // Nothing but this very delta makes of a collection what it then is.
    contentSha256: sha256Of(JSON.stringify(base === undefined ? parts : [archive, ...parts])),
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
