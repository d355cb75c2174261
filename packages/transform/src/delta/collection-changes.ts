import type { MongodbCollection, MongodbManifest } from "@firebreak/archive";
import { documentReader, addDigests, EMPTY_DIGEST, subtractDigests } from "@firebreak/items";
import { COLLECTIONS, describedTables, TableToCollection } from "../collections/collection-output.ts";
import { planCollections } from "../collections/documents-plan.ts";
import type { Pass } from "../lines/passes.ts";
import { collectionDirectories, collectionOf } from "../collections/mongodb-folder.ts";
import { transformFault } from "../transform-faults.ts";
import type { TransformEvent } from "../transform-notes.ts";
import { carriedMetadata } from "../collections/mongodb-folder.ts";
import { supersededDigests } from "./superseded-digests.ts";
import type { Changes, DeltaOutput } from "./write-delta.ts";

/** Changes of collections. A new table's collection gets no name that the chain already has. */
export const COLLECTION_CHANGES: DeltaOutput<MongodbCollection, MongodbManifest, TableToCollection> = {
  ...COLLECTIONS,
  changeReadings: 2,
  entriesOf: ({ collections }) => collections,
  async planDelta(task, namespaces, known) {
    const described = await describedTables(task, namespaces);
    const others = known.filter((c) => !namespaces.some((n) => n.namespace === c.namespace));
    const plans = planCollections(
      described.map(({ ns, table }) => ({
        ns,
        table,
        existing: known.find((c) => c.namespace === ns.namespace),
      })),
      others,
    );
    const directories = collectionDirectories([...plans, ...others], task.source.encryption);
    return {
      planned: namespaces.map(
        (ns, i) => new TableToCollection(ns, directories[i]!, plans[i]!, described[i]!.table),
      ),
      directories: directories.slice(namespaces.length),
    };
  },
  // oxlint-disable-next-line require-yield -- The plan of a table needs a survey, that of a collection none.
  async *planChange(_, __, target, earlier) {
    const { ns, mapping, plan, table } = target;
    const { keyColumns } = table;
    if (keyColumns.length === 0)
      throw transformFault("delta-unplanned", {
        table: earlier.collection,
        namespace: ns.namespace,
        why: "no-key",
      });
    return {
      mapping,
      keyColumns,
      notCarried: plan.notCarried,
      entry: (pass, changes) => changedCollection(pass, target, earlier, changes),
    };
  },
  async carry(pass, from, before, directory) {
    const { change: _, keys: __, ...collection } = before;
    const metadata = await carriedMetadata(pass, from, collection, directory);
    return { ...collection, metadata, parts: [] };
  },
  dropped: (collection) => ({ ...collection, change: "dropped", digest: EMPTY_DIGEST }),
  inOrder: (collections) => [...collections],
};

async function* changedCollection(
  pass: Pass,
  { directory, plan }: TableToCollection,
  earlier: MongodbCollection,
  { links, written, keys }: Changes<MongodbCollection>,
): AsyncGenerator<TransformEvent, MongodbCollection> {
  const superseded = yield* supersededDigests(
    pass,
    "supersededDocuments",
    { keys, links: links.map((l) => ({ folder: l.folder, ...l.entry })), reader: documentReader(pass.keys) },
    (items, link, superseding) => ({ items, link, superseding, keys: pass.keys }),
  );
  const items = written.flatMap((w) => w.items);
  const made = await collectionOf(pass, directory, plan, items);
  return {
    ...made,
    change: "changed",
    metadata: await carriedMetadata(pass, links.at(-1)!.folder, earlier, directory),
    digest: addDigests(superseded.reduce(subtractDigests, earlier.digest), made.digest),
    largestDocumentBytes: Math.max(earlier.largestDocumentBytes, made.largestDocumentBytes),
    keys,
  };
}
