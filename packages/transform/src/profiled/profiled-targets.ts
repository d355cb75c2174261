import { apartName, type MysqlTable, type MongodbCollection } from "@firebreak/archive";
import type { FolderTask } from "../folder-task.ts";
import { itemFacts, numbered } from "../output.ts";
import { planTables } from "../tables/table-output.ts";
import type { ProfiledArchive } from "./profiled-archive.ts";
import type { ProfiledTargets } from "./write-profiled.ts";
import { describedTables, TableToCollection } from "../collections/collection-output.ts";
import { planCollections } from "../collections/documents-plan.ts";
import { collectionDirectories, collectionOf } from "../collections/mongodb-folder.ts";

/** The folder for tables of the generic mapping, apart from the application's. */
const OTHERS_FOLDER = "generic/";

/** Returns the application's own tables in MySQL, which already exist. */
export async function profiledTables(
  task: FolderTask,
  { plan, groups, others }: ProfiledArchive,
): Promise<ProfiledTargets<MysqlTable>> {
  const isHidden = task.source.encryption?.names === "hidden";
  const foldersOf = (names: readonly string[]): string[] =>
    isHidden ? numbered(names.length) : names.map(apartName);
  const { tables } = plan;
  const directories = foldersOf(tables.map(({ table }) => table));
  const namespaces = groups.flatMap((group) => group.namespaces);
  const ofNamespaces = foldersOf(namespaces.map(({ collection }) => collection));
  return {
    targets: tables.map(({ table, namespace }, i) => ({
      name: table,
      namespace,
      directory: directories[i]!,
    })),
    directories: new Map(namespaces.map(({ namespace }, i) => [namespace, ofNamespaces[i]!])),
    async entryOf(target, items) {
      const { digest, largestValueBytes, largestItemBytes, parts } = itemFacts(items);
      return {
        ...tables[target]!,
        digest,
        largestValueBytes,
        largestRowBytes: largestItemBytes,
        createTable: "",
        indexes: [],
        notCarried: [],
        parts,
        extra: [],
        isGiven: true,
      };
    },
    others: await planTables(task, others, { below: OTHERS_FOLDER }),
  };
}

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
