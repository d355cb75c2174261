import { join } from "node:path";
import { readSmallFile, writeSmallFile, type MongodbCollection } from "@firebreak/archive";
import type { Keys } from "../keys.ts";
import { makeFolder } from "../collections/mongodb-folder.ts";

/** Copies the `collection.json` of an unchanged or dropped collection from the folder of an earlier link. */
export async function carriedMetadata(
  { folder, keys }: { readonly folder: string; readonly keys: Keys },
  from: string,
  { metadata }: Pick<MongodbCollection, "metadata">,
  directory: string,
): Promise<MongodbCollection["metadata"]> {
  const content = await readSmallFile(from, metadata, keys.identities);
  await makeFolder(join(folder, ...directory.split("/")));
  return writeSmallFile(folder, `${directory}/collection.json`, content.toString("utf8"), keys.recipients);
}
