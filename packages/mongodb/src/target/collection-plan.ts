import { addDigests, EMPTY_DIGEST, type PlainDigest } from "@firebreak/items";
import { sha256Of, type MongodbCollection, type PartEntry, type TablePart } from "@firebreak/archive";
import type { DefinedCollection } from "../definitions/compare-definitions.ts";
import type { Definition } from "../definitions/definition.ts";
import type { LedgerState, LoadedCollection, LoadedPart } from "./ledger/ledger-entry.ts";
import type { ChainPlace } from "@firebreak/target";

/** A collection of the archive, and what it becomes in the target. */
export interface PlannedCollection extends DefinedCollection {
  readonly source: MongodbCollection;
  readonly collection: string;
  /** Identifies the archive's collection in the ledger. */
  readonly contentSha256: string;
  /** The chain that it belongs to. */
  readonly chain: string;
  /** Distinguishes a delta's parts in the ledger from those of other links. */
  readonly link: string | undefined;
}

/** A part that is in, and its ledger entry. */
export interface DonePart {
  readonly part: Pick<TablePart, "file" | "lineCount">;
  readonly ledger: LoadedPart;
}

/** A planned collection, and the state of the target. */
export interface CollectionWork {
  readonly planned: PlannedCollection;
  /** True if a collection, empty or not, is in its place. */
  readonly exists: boolean;
  /** The ledger's entry of it, from this archive or another. */
  readonly head: LoadedCollection | undefined;
  /** The ledger's state; undefined if no load of this very archive has begun it. */
  readonly state: LedgerState | undefined;
  readonly done: readonly DonePart[];
  readonly todo: readonly TablePart[];
  /** In a delta: the parts of keys whose documents are still to be deleted. */
  readonly keys: readonly PartEntry[];
  /** In a delta: the parts of earlier links that have documents in quarantine. */
  readonly earlier: readonly DonePart[];
}

/**
 * Plans the place of a collection in the target. Pure.
 *
 * @param targetDatabase the database that the URL names, if any.
 */
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
    // Only this very delta leads to this state of a collection.
    contentSha256: sha256Of(JSON.stringify(base === undefined ? parts : [archive, ...parts])),
  };
}

/** Returns the digest of the documents that are in, and the number of those that were refused. */
export function countsOf(done: readonly DonePart[]): {
  readonly digest: PlainDigest;
  readonly refused: number;
} {
  return {
    digest: done.map((d) => d.ledger.digest).reduce(addDigests, EMPTY_DIGEST),
    refused: done.reduce((sum, { ledger }) => sum + (ledger.quarantine?.lineCount ?? 0), 0),
  };
}

/** Returns the number of documents in quarantine. */
export function refusedOf(work: readonly Pick<CollectionWork, "done">[]): number {
  return work.reduce((sum, { done }) => sum + countsOf(done).refused, 0);
}
