import type { MongodbCollection, MongodbManifest } from "@firebreak/archive";
import type { MadeChain } from "./made-chain.ts";

/** A collection in one link. */
export interface LinkCollection {
  readonly folder: string;
  readonly collection: MongodbCollection;
}

/** Does for collections what `earlierTables` does for tables. */
export function earlierCollections(
  { links }: MadeChain<MongodbManifest>,
  { database, collection }: Pick<MongodbCollection, "database" | "collection">,
): LinkCollection[] {
  const all = links.flatMap(({ folder, manifest }) => {
    const found = manifest.collections.find((c) => c.collection === collection && c.database === database);
    return found === undefined ? [] : [{ folder, collection: found }];
  });
  const from = all.findLastIndex((l) => l.collection.change === "whole" || l.collection.change === "dropped");
  return all.slice(Math.max(0, from));
}
