import type { MongodbCollection } from "@firebreak/archive";
import { describedTables, TableToCollection } from "../collections/collection-output.ts";
import { planCollections } from "../collections/documents-plan.ts";
import type { FolderTask } from "../folder-task.ts";
import { collectionDirectories, collectionOf } from "../collections/mongodb-folder.ts";
import type { ProfiledArchive } from "./profiled-archive.ts";
import type { ProfiledTargets } from "./write-profiled.ts";

/** Returns an application's collections. Those of other tables go to the same database. */
export async function profiledCollections(
  task: FolderTask,
  { plan: { collections }, others, pass }: ProfiledArchive,
): Promise<ProfiledTargets<MongodbCollection>> {
  const described = await describedTables(task, others);
  const [first] = collections;
  const plans = planCollections(
    described.map(({ ns, table }) => ({ ns: { ...ns, database: first?.database ?? ns.database }, table })),
  );
  const directories = collectionDirectories([...collections, ...plans], task.source.encryption);
  return {
    targets: collections.map(({ collection, namespace }, i) => ({
      name: collection,
      namespace,
      directory: directories[i]!,
    })),
    directories: new Map(collections.map(({ namespace }, i) => [namespace, directories[i]!])),
    entryOf: (target, items) => collectionOf(pass, directories[target]!, collections[target]!, items),
    others: others.map(
      (ns, i) =>
        new TableToCollection(ns, directories[collections.length + i]!, plans[i]!, described[i]!.table),
    ),
  };
}
