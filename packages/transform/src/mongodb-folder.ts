import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  runFacts,
  collectionFileText,
  diskFault,
  formatVersionOf,
  apartName,
  safeName,
  writeManifest,
  writeSmallFile,
  type Encryption,
  type MongodbCollection,
  type MongodbManifest,
} from "@firebreak/archive";
import { addDigests, EMPTY_DIGEST } from "@firebreak/items";
import type { CollectionPlan } from "./documents-plan.ts";
import type { WrittenDocuments } from "./write-documents.ts";

/** Returns the folder of each collection: `DB/COLLECTION`, or a number if names are hidden. */
export function collectionDirectories(
  plans: readonly Pick<CollectionPlan, "database" | "collection">[],
  encryption: Encryption | undefined,
): string[] {
  if (encryption?.names === "hidden") return plans.map((_, i) => String(i).padStart(5, "0"));
  return plans.map(({ database, collection }) => `${apartName(database)}/${safeName(collection)}`);
}

/** Writes a collection's `collection.json`, and returns the collection's entry in the manifest. */
export async function collectionOf(
  folder: string,
  directory: string,
  plan: Omit<CollectionPlan, "rule">,
  written: readonly WrittenDocuments[],
  recipients: readonly string[] | undefined,
): Promise<MongodbCollection> {
  const { database, collection, namespace, optionsText, indexTexts } = plan;
  await makeFolder(join(folder, ...directory.split("/")));
  const place = { namespace: `${database}.${collection}`, database, collection, kind: "collection" } as const;
  const content = collectionFileText({ ...place, optionsText, indexTexts });
  const parts = written.flatMap((w) => (w.part === undefined ? [] : [w.part]));
  return {
    database,
    collection,
    namespace,
    digest: parts.map((p) => p.digest).reduce(addDigests, EMPTY_DIGEST),
    metadata: await writeSmallFile(folder, `${directory}/collection.json`, content, recipients),
    largestDocumentBytes: Math.max(0, ...written.map((w) => w.largestDocumentBytes)),
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

/** The contents of a finished folder, except its parts. */
interface Finished extends Pick<
  MongodbManifest,
  "sourceManifestSha256" | "delta" | "profile" | "profileFacts" | "namespaces" | "collections" | "databases"
> {
  readonly startedAt: string;
  readonly version: string;
  readonly encryption: Encryption | undefined;
}

/** Writes the manifest. From then on the folder is complete. */
export async function completeMongodbFolder(folder: string, finished: Finished): Promise<void> {
  const { startedAt, version, encryption, ...facts } = finished;
  const manifest: MongodbManifest = {
    format: "firebreak-mongodb",
    // Documents describe themselves, including the numbers of an ENUM.
    formatVersion: formatVersionOf(facts.delta !== undefined, false),
    ...facts,
    run: runFacts({ startedAt, version }),
  };
  await writeManifest(folder, manifest, { encryption });
}
