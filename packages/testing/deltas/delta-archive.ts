import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { BSON, type Document } from "bson";
import {
  collectionFileText,
  listFolder,
  writeManifest,
  writeSmallFile,
  type MongodbManifest,
  type PartEntry,
  type SourceManifest,
} from "../../archive/src/index.ts";
import {
  allMapped,
  bytesOf,
  digestOf,
  ID_INDEX,
  RUN,
  writePart,
} from "@firebreak/testing/archives/documents-archive";

type Documents = readonly (Document | Buffer)[];

/** One collection before a delta and after; what it lacks on one side is new or dropped. */
export interface DeltaRecipe {
  readonly before?: Documents;
  readonly after?: Documents;
  /** All of it is there again, as of a collection whose changes cannot be named by key. */
  readonly isWhole?: boolean;
  readonly optionsText?: string;
  readonly indexTexts?: readonly string[];
  readonly documentsAPart?: number;
}

/**
 * A delta whose `mongodb/` folder makes of documents as they were those that are,
 * by the format's own writers; its source says the same.
 *
 * @param base the archive before it.
 */
export async function deltaArchive(
  archive: string,
  base: string,
  database: string,
  collections: Readonly<Record<string, DeltaRecipe>>,
): Promise<void> {
  const namespaces: SourceManifest["namespaces"] = [];
  const made: MongodbManifest["collections"] = [];
  const inFolder = join(archive, "mongodb");
  for (const [collection, recipe] of Object.entries(collections)) {
    const { documentsAPart = 1000, optionsText = "{}", indexTexts = [] } = recipe;
    const namespace = `${database}.${collection}`;
    const directory = `source/${database}/${collection}`;
    const { change, upserts, deletes } = changeOf(recipe);
    await mkdir(join(archive, directory), { recursive: true });
    await mkdir(join(inFolder, database, collection), { recursive: true });
    const inParts = async (
      folder: string,
      path: string,
      documents: readonly Buffer[],
    ): Promise<PartEntry[]> => {
      const parts: PartEntry[] = [];
      for (let from = 0; from < documents.length; from += documentsAPart) {
        const name = `${path}${String(from / documentsAPart).padStart(5, "0")}.ndjson.zst`;
        parts.push(await writePart(folder, name, documents.slice(from, from + documentsAPart)));
      }
      return parts;
    };
    const text = collectionFileText({
      namespace,
      database,
      collection,
      kind: "collection",
      optionsText,
      indexTexts: [ID_INDEX, ...indexTexts],
    });
    const touched = change === "changed" ? [...upserts.map(keyOf), ...deletes] : [];
    const parts = await inParts(inFolder, `${database}/${collection}/`, upserts);
    if (change !== undefined)
      namespaces.push({
        namespace,
        database,
        collection,
        kind: "table",
        directory,
        documentCount: upserts.length,
        lineCount: upserts.length,
        metadata: await writeSmallFile(archive, `${directory}/collection.json`, text, []),
        parts: await inParts(archive, `${directory}/`, upserts),
        change,
        ...(change === "changed"
          ? { deletes: await inParts(archive, `${directory}/deletes-`, deletes) }
          : {}),
      });
    made.push({
      database,
      collection,
      namespace,
      digest: digestOf((recipe.after ?? []).map(bytesOf)),
      metadata: await writeSmallFile(inFolder, `${database}/${collection}/collection.json`, text, []),
      largestDocumentBytes: Math.max(0, ...upserts.map((d) => d.length)),
      notCarried: [],
      parts: parts.map((part, i) => ({
        ...part,
        digest: digestOf(upserts.slice(i * documentsAPart, (i + 1) * documentsAPart)),
      })),
      ...(change === undefined ? {} : { change }),
      ...(change === "changed"
        ? { keys: await inParts(inFolder, `${database}/${collection}/keys-`, touched) }
        : {}),
    });
  }
  await mkdir(inFolder, { recursive: true });
  const before = await listFolder(base, "firebreak-archive");
  const madeBefore = await listFolder(join(base, "mongodb"), "firebreak-mongodb");
  const { delta } = JSON.parse(before.content.toString("utf8")) as SourceManifest;
  const place = { chainSha256: delta?.chainSha256 ?? before.sha256, number: (delta?.number ?? 0) + 1 };
  await writeManifest(archive, {
    format: "firebreak-archive",
    formatVersion: 2,
    source: { kind: "mysql" },
    consistency: "snapshot",
    delta: { ...place, baseSha256: before.sha256, by: "comparison" },
    settings: { include: [], exclude: [], partMib: 64 },
    namespaces,
    run: RUN,
  });
  await writeManifest(inFolder, {
    format: "firebreak-mongodb",
    formatVersion: 2,
    sourceManifestSha256: (await listFolder(archive, "firebreak-archive")).sha256,
    delta: { ...place, baseSha256: madeBefore.sha256 },
    profile: "generic",
    namespaces: allMapped(namespaces),
    collections: made,
    run: RUN,
  });
}

interface ChangeOf {
  readonly change: "changed" | "whole" | "dropped" | undefined;
  readonly upserts: readonly Buffer[];
  readonly deletes: readonly Buffer[];
}

function changeOf({ before, after, isWhole = before === undefined }: DeltaRecipe): ChangeOf {
  if (after === undefined) return { change: "dropped", upserts: [], deletes: [] };
  if (isWhole) return { change: "whole", upserts: after.map(bytesOf), deletes: [] };
  const byKey = (documents: Documents): Map<string, Buffer> =>
    new Map(documents.map((d) => [keyOf(d).toString("hex"), bytesOf(d)]));
  const [old, now] = [byKey(before ?? []), byKey(after)];
  const upserts = [...now].filter(([key, bytes]) => old.get(key)?.equals(bytes) !== true).map(([, b]) => b);
  const deletes = [...old.keys()].filter((key) => !now.has(key)).map((key) => Buffer.from(key, "hex"));
  const isSame = upserts.length === 0 && deletes.length === 0;
  return { change: isSame ? undefined : "changed", upserts, deletes };
}

/** The document that has only its `_id`, of the same type. */
function keyOf(document: Document | Buffer): Buffer {
  const { _id } = BSON.deserialize(bytesOf(document), { promoteValues: false }) as { _id: unknown };
  return Buffer.from(BSON.serialize({ _id }));
}
