import type {
  DatabaseKind,
  LineIndex,
  MongodbCollection,
  MongodbManifest,
  MysqlManifest,
  MysqlNamespace,
  MysqlTable,
  ProfileFacts,
  SourceNamespace,
  TargetFacts,
} from "@firebreak/archive";
import type { ListedItems } from "@firebreak/items";
import { COLLECTION_CHANGES } from "../delta/collection-changes.ts";
import { TABLE_CHANGES, unchangedTable } from "../delta/table-changes.ts";
import type { DeltaOutput } from "../delta/write-delta.ts";
import type { DifferenceTask } from "../difference/difference-task.ts";
import { changedCollection } from "../difference/differing-collections.ts";
import { changedTable } from "../difference/differing-tables.ts";
import type { Entry, ItemFacts, PlannedTarget } from "../output.ts";
import type { MadeChain } from "../delta/made-chain.ts";
import type { FolderTask } from "../folder-task.ts";
import type { Profile, ProfilePlan } from "../profile.ts";

/** The facts of a manifest of transform that a delta with a profile goes on with. */
export interface IndexedManifest {
  readonly profile: string;
  readonly profileFacts?: ProfileFacts | undefined;
  readonly run: Pick<MysqlManifest["run"], "firebreak">;
  readonly namespaces: readonly MysqlNamespace[];
  readonly lineIndex?: LineIndex | undefined;
  /** None if the target has no shape of its own, as in MongoDB. */
  readonly target?: TargetFacts | undefined;
}

/** One of the two kinds of targets, as a delta with a profile changes them. */
export interface AffectedTargets<E extends Entry, M, T extends PlannedTarget<E> = PlannedTarget<E>> {
  readonly to: DatabaseKind;
  readonly changes: DeltaOutput<E, M, T>;
  /** Returns the targets of a plan, in its order. */
  planned(plan: ProfilePlan): readonly { readonly name: string; readonly database: string }[];
  /** Returns namespaces that the generic mapping takes, in the database that the profile chose. */
  inDatabase(plan: ProfilePlan, namespaces: readonly SourceNamespace[]): readonly SourceNamespace[];
  /**
   * Returns the entry of a target that a delta may change, and writes the items that change it.
   *
   * @param links the items that may differ, as they were.
   * @param prefix the beginning of the names of the files.
   * @param facts those of the target after the delta. The parts have the same items as they are now.
   */
  changed(
    task: DifferenceTask,
    links: readonly ListedItems[],
    entry: E,
    facts: ItemFacts,
    prefix: string,
  ): Promise<E>;
}

export const AFFECTED_TABLES: AffectedTargets<MysqlTable, MysqlManifest> = {
  to: "mysql",
  changes: TABLE_CHANGES,
  planned: ({ tables }) => tables.map(({ table, database }) => ({ name: table, database })),
  inDatabase: (_, namespaces) => namespaces,
  changed(task, links, entry, { largestItemBytes, ...facts }, prefix) {
    const table = { ...unchangedTable(entry), ...facts };
    const largestRowBytes = Math.max(entry.largestRowBytes, largestItemBytes);
    const largestValueBytes = Math.max(entry.largestValueBytes, facts.largestValueBytes);
    return changedTable(task, links, entry, { ...table, largestRowBytes, largestValueBytes }, prefix);
  },
};

export const AFFECTED_COLLECTIONS: AffectedTargets<
  MongodbCollection,
  MongodbManifest,
  Parameters<(typeof COLLECTION_CHANGES)["planChange"]>[2]
> = {
  to: "mongodb",
  changes: COLLECTION_CHANGES,
  planned: ({ collections }) =>
    collections.map(({ collection, database }) => ({ name: collection, database })),
  inDatabase({ collections: [first] }, namespaces) {
    return namespaces.map((ns) => ({ ...ns, database: first?.database ?? ns.database }));
  },
  changed(task, links, entry, { digest, parts, largestItemBytes }, prefix) {
    const largestDocumentBytes = Math.max(entry.largestDocumentBytes, largestItemBytes);
    const after = { ...entry, digest, parts, largestDocumentBytes };
    return changedCollection(task, links, entry, after, prefix);
  },
};

/** A delta to transform with a profile. */
export interface AffectedTask<E extends Entry, M, T extends PlannedTarget<E>> {
  readonly task: FolderTask;
  readonly targets: AffectedTargets<E, M, T>;
  readonly chain: MadeChain<M>;
  readonly profile: Profile;
}
