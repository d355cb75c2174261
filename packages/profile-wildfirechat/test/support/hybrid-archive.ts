import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { serialize, type Document } from "bson";
import {
  AGE_SUFFIX,
  collectionFileText,
  identityOfPassphrase,
  LineEncoder,
  PartWriter,
  writeManifest,
  writeSmallFile,
  type SourceManifest,
  type SourceNamespace,
} from "@firebreak/archive";
import { siteNowMs } from "../../../../fixtures/src/index.ts";

/** Where a document stands in an archive. */
export interface DocumentPlace {
  readonly part: string;
  /** Counted from 1. */
  readonly line: number;
}

export const DATABASE = "wfchat";

const PART_LINES = 1500;

/**
 * Writes a complete archive of a hybrid's MongoDB as export would, without a
 * server, in parts of 1,500 documents; its watermark is the site's last moment.
 *
 * @returns the place of each document, in the order in which they came.
 */
export async function writeHybridArchive(
  archive: string,
  documents: Iterable<{ readonly collection: string; readonly document: Document }>,
  options: { readonly database?: string; readonly passphraseFile?: string } = {},
): Promise<DocumentPlace[]> {
  const { database = DATABASE, passphraseFile } = options;
  await mkdir(archive, { recursive: true });
  const own =
    passphraseFile === undefined ? undefined : await identityOfPassphrase(archive, passphraseFile, true);
  const recipients = own === undefined ? [] : [own.recipient];
  const byCollection = new Map<string, Document[]>();
  const order: { collection: string; index: number }[] = [];
  for (const { collection, document } of documents) {
    const ofCollection = byCollection.get(collection) ?? [];
    byCollection.set(collection, ofCollection);
    order.push({ collection, index: ofCollection.push(document) - 1 });
  }
  const namespaces: SourceNamespace[] = [];
  for (const [collection, all] of [...byCollection].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    namespaces.push(await writeCollection(archive, database, collection, all, recipients));
  const manifest: SourceManifest = {
    format: "firebreak-archive",
    formatVersion: 1,
    source: { kind: "mongodb" },
    consistency: "document",
    settings: { include: [], exclude: [], partMib: 64 },
    namespaces,
    run: {
      startedAt: new Date(siteNowMs).toISOString(),
      finishedAt: new Date(siteNowMs + 60_000).toISOString(),
      host: "",
      firebreak: "",
      node: "",
    },
  };
  await writeManifest(
    archive,
    manifest,
    own === undefined ? {} : { encryption: { recipients, names: "hidden" }, extraFiles: [own.entry] },
  );
  const parts = new Map(namespaces.map((n) => [n.collection, n.parts]));
  return order.map(({ collection, index }) => ({
    part: parts.get(collection)![Math.floor(index / PART_LINES)]!.file,
    line: (index % PART_LINES) + 1,
  }));
}

async function writeCollection(
  archive: string,
  database: string,
  collection: string,
  documents: readonly Document[],
  recipients: readonly string[],
): Promise<SourceNamespace> {
  const directory = `source/${database}/${collection}`;
  await mkdir(join(archive, directory), { recursive: true });
  const place = { namespace: `${database}.${collection}`, database, collection, kind: "collection" } as const;
  const content = collectionFileText({ ...place, optionsText: "{}", indexTexts: [] });
  const metadata = await writeSmallFile(archive, `${directory}/collection.json`, content, recipients);
  const parts: SourceNamespace["parts"] = [];
  for (let from = 0; from < documents.length; from += PART_LINES) {
    const lines = documents.slice(from, from + PART_LINES);
    const file = `${directory}/${String(parts.length).padStart(5, "0")}.ndjson.zst${recipients.length === 0 ? "" : AGE_SUFFIX}`;
    const writer = await PartWriter.open(join(archive, file), recipients);
    await writer.write(linesOf(lines), lines.length);
    parts.push({ file, ...(await writer.seal()) });
  }
  const lineCount = documents.length;
  return { ...place, directory, documentCount: lineCount, lineCount, metadata, parts };
}

function linesOf(documents: readonly Document[]): Buffer {
  const encoder = new LineEncoder();
  for (const document of documents) {
    const bson = Buffer.from(serialize(document));
    encoder.encode(bson, 0, bson.length);
    encoder.out.ascii("\n");
  }
  return Buffer.from(encoder.out.written());
}
