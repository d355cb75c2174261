import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  apartName,
  collectionFileText,
  diskFault,
  formatVersionOf,
  runFacts,
  safeName,
  writeManifest,
  writeSmallFile,
  type Encryption,
  type MongodbCollection,
  type MongodbManifest,
  readSmallFile,
} from "@firebreak/archive";
import type { CollectionPlan } from "./documents-plan.ts";
import type { WrittenItems } from "../lines/item-sink.ts";
import type { Pass } from "../lines/passes.ts";
import { itemFacts, numbered, type FolderFacts } from "../output.ts";
import type { Keys } from "../keys.ts";

/** Returns the folder of each collection: `DB/COLLECTION`, or a number if names are hidden. */
export function collectionDirectories(
  plans: readonly Pick<CollectionPlan, "database" | "collection">[],
  encryption: Encryption | undefined,
): string[] {
  if (encryption?.names === "hidden") return numbered(plans.length);
  return plans.map(({ database, collection }) => `${apartName(database)}/${safeName(collection)}`);
}

/** Writes a collection's `collection.json`, and returns the collection's entry in the manifest. */
export async function collectionOf(
  { folder, keys }: Pick<Pass, "folder" | "keys">,
  directory: string,
  plan: Omit<CollectionPlan, "rule">,
  items: readonly WrittenItems[],
): Promise<MongodbCollection> {
  const { database, collection, namespace, optionsText, indexTexts } = plan;
  await makeFolder(join(folder, ...directory.split("/")));
  const place = { namespace: `${database}.${collection}`, database, collection, kind: "collection" } as const;
  const content = collectionFileText({ ...place, optionsText, indexTexts });
  const { digest, largestItemBytes, parts } = itemFacts(items);
  return {
    database,
    collection,
    namespace,
    digest,
    metadata: await writeSmallFile(folder, `${directory}/collection.json`, content, keys.recipients),
    largestDocumentBytes: largestItemBytes,
    notCarried: [],
    parts,
  };
}

/** Makes a folder and its missing parents. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, path);
  });
}

/** Writes the manifest. From then on the folder is complete. */
export async function completeMongodbFolder(
  folder: string,
  all: FolderFacts<MongodbCollection>,
): Promise<void> {
  const { startedAt, version, encryption, entries, databases, target: _, ownTablesCheck: __, ...facts } = all;
  const manifest: MongodbManifest = {
    format: "firebreak-mongodb",
    // Documents describe themselves, including the numbers of an ENUM.
    formatVersion: formatVersionOf(facts.delta !== undefined, false),
    ...facts,
    collections: [...entries],
    databases,
    run: runFacts({ startedAt, version }),
  };
  await writeManifest(folder, manifest, { encryption });
}

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
