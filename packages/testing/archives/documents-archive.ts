import { hash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { BSON, type Document } from "bson";
import { addDigests, EMPTY_DIGEST, TableDigest, type PlainDigest } from "@firebreak/items";
import {
  collectionFileText,
  LineWriter,
  PartWriter,
  sha256Of,
  writeManifest,
  writeSmallFile,
  type MongodbManifest,
  type MysqlNamespace,
  type PartEntry,
  type SourceManifest,
  type SourceNamespace,
} from "@firebreak/archive";

/** One collection of what transform made for MongoDB. */
export interface CollectionRecipe {
  readonly documents: readonly (Document | Buffer)[];
  readonly documentsAPart?: number;
  /** Canonical Extended JSON, as `collection.json` has it. */
  readonly optionsText?: string;
  readonly indexTexts?: readonly string[];
  /** True if the digests in the manifest are of other documents. */
  readonly isDigestWrong?: boolean;
}

// A document that is larger than the library's buffer would silently end in bytes that nobody wrote.
BSON.setInternalBufferSize(32 << 20);

export const RUN = { startedAt: "", finishedAt: "", host: "", firebreak: "", node: "" };
export const ID_INDEX = '{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_"}';

/**
 * An archive whose `mongodb/` folder says these documents, made by the format's
 * own writers; its source has the same lines.
 */
export async function documentsArchive(
  archive: string,
  database: string,
  collections: Readonly<Record<string, CollectionRecipe>>,
): Promise<void> {
  const namespaces: SourceManifest["namespaces"] = [];
  const made: MongodbManifest["collections"] = [];
  for (const [collection, recipe] of Object.entries(collections)) {
    const { documents, documentsAPart = 1000, optionsText = "{}", indexTexts = [] } = recipe;
    const namespace = `${database}.${collection}`;
    const description = {
      namespace,
      database,
      collection,
      optionsText,
      indexTexts: [ID_INDEX, ...indexTexts],
    };
    const directory = `source/${database}/${collection}`;
    const inFolder = join(archive, "mongodb");
    await mkdir(join(archive, directory), { recursive: true });
    await mkdir(join(inFolder, database, collection), { recursive: true });
    const parts: (PartEntry & { digest: PlainDigest })[] = [];
    const sourceParts: PartEntry[] = [];
    for (let from = 0; from < documents.length; from += documentsAPart) {
      const some = documents.slice(from, from + documentsAPart).map(bytesOf);
      const name = `${String(from / documentsAPart).padStart(5, "0")}.ndjson.zst`;
      sourceParts.push(await writePart(archive, `${directory}/${name}`, some));
      const part = await writePart(inFolder, `${database}/${collection}/${name}`, some);
      parts.push({ ...part, digest: digestOf(recipe.isDigestWrong === true ? some.slice(1) : some) });
    }
    const text = collectionFileText({ ...description, kind: "collection" });
    const metadata = await writeSmallFile(inFolder, `${database}/${collection}/collection.json`, text, []);
    const lineCount = documents.length;
    namespaces.push({
      namespace,
      database,
      collection,
      kind: "collection",
      directory,
      documentCount: lineCount,
      lineCount,
      metadata: await writeSmallFile(archive, `${directory}/collection.json`, text, []),
      parts: sourceParts,
    });
    made.push({
      database,
      collection,
      namespace,
      digest: parts.map((p) => p.digest).reduce(addDigests, EMPTY_DIGEST),
      metadata,
      largestDocumentBytes: Math.max(0, ...documents.map((d) => bytesOf(d).length)),
      notCarried: [],
      parts,
    });
  }
  const source: SourceManifest = {
    format: "firebreak-archive",
    formatVersion: 1,
    source: { kind: "mysql" },
    consistency: "snapshot",
    settings: { include: [], exclude: [], partMib: 64 },
    namespaces,
    run: RUN,
  };
  await writeManifest(archive, source);
  const sourceManifestSha256 = sha256Of(await readFile(join(archive, "manifest.json")));
  await writeManifest(join(archive, "mongodb"), {
    format: "firebreak-mongodb",
    formatVersion: 1,
    sourceManifestSha256,
    profile: "generic",
    namespaces: allMapped(namespaces),
    collections: made,
    run: RUN,
  });
}

/** Returns the manifest entries of namespaces whose lines were all mapped. */
export function allMapped(namespaces: readonly SourceNamespace[]): MysqlNamespace[] {
  return namespaces.map(({ namespace, lineCount }) => ({
    namespace,
    lineCount,
    mappedCount: lineCount,
    quarantinedCount: 0,
    skippedCount: 0,
    collapsedCount: 0,
    quarantine: [],
  }));
}

export function bytesOf(document: Document | Buffer): Buffer {
  return Buffer.isBuffer(document) ? document : Buffer.from(BSON.serialize(document));
}

export function digestOf(documents: readonly Buffer[]): PlainDigest {
  const digest = new TableDigest();
  for (const document of documents) digest.add(hash("sha256", document, "buffer"));
  return digest.toPlain();
}

export async function writePart(
  folder: string,
  file: string,
  documents: readonly Buffer[],
): Promise<PartEntry> {
  const writer = await PartWriter.open(join(folder, file));
  const lines = new LineWriter();
  for (const document of documents) {
    lines.out.clear();
    lines.write(document, 0, document.length);
    await writer.write(Buffer.concat([lines.out.written(), Buffer.from("\n")]), 1);
  }
  return { file, ...(await writer.seal()) };
}
