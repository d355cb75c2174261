import { join } from "node:path";
import { FirebreakError, reasonOf, type SourceCollection } from "@firebreak/archive";
import { BUCKETS_PREFIX } from "./dump.ts";
import { collectionOfStem, expectDatabaseName, fileStem } from "./file-name.ts";
import { NO_METADATA, readMetadata, type Metadata } from "./metadata.ts";
import { mongodumpFault } from "./mongodump-faults.ts";
import { readText } from "./read-blocks.ts";

export interface DumpFile {
  readonly file: string;
  readonly isGzip: boolean;
}

/** A collection in a dump's folder. A view has no data. */
export interface FoundCollection extends SourceCollection {
  readonly data: DumpFile | undefined;
  readonly isDescribed: boolean;
}

/** The files that share a name. Either may be missing. */
interface Pair {
  data?: DumpFile;
  metadata?: DumpFile;
}

/**
 * Finds the wanted collections of one database.
 *
 * Each metadata file leads to a data file, which for a time-series collection has the name of its buckets.
 * Data without metadata becomes a collection without options and indexes, as in mongorestore.
 *
 * @param names the names of all files in the folder.
 * @param wants called with each collection's name, once or more often.
 * @throws {FirebreakError} `dump-database-name`, `dump-file-missing`, `dump-file-twice`, `dump-name-unknown`,
 * `dump-metadata` or `dump-damaged`.
 */
export async function findCollections(
  folder: string,
  database: string,
  names: readonly string[],
  wants: (collection: string) => boolean,
): Promise<FoundCollection[]> {
  const pairs = pairUp(folder, database, names);
  if (pairs.size > 0) expectDatabaseName(database, folder);
  const found = new Map<string, FoundCollection>();
  const led = new Set<Pair | undefined>();
  const missing = (name: string, collection: string): FirebreakError =>
    mongodumpFault("dump-file-missing", {
      file: join(folder, name),
      namespace: `${database}.${collection}`,
    });
  const add = (collection: string, metadata: Metadata, data: DumpFile | undefined, isDescribed: boolean) => {
    const { kind, optionsText, indexTexts } = metadata;
    const namespace = `${database}.${collection}`;
    const other = found.get(namespace);
    if (other !== undefined) throw twice(namespace, [other.data?.file ?? namespace, data?.file ?? namespace]);
    const description = { namespace, database, collection, kind, optionsText, indexTexts };
    found.set(namespace, { ...description, data, isDescribed });
  };

  for (const [stem, pair] of pairs) {
    if (pair.metadata === undefined) continue;
    led.add(pair);
    const collection = collectionOfStem(stem) ?? (await cutName(pair.metadata, `${database}.${stem}`));
    const buckets = pairs.get(fileStem(BUCKETS_PREFIX + collection));
    if (!wants(collection)) {
      led.add(buckets);
      continue;
    }
    const metadata = await metadataIn(pair.metadata, `${database}.${collection}`);
    // Since server 8.3 the buckets are dumped under the collection's own name.
    const home = metadata.kind === "timeseries" ? (buckets ?? pair) : pair;
    led.add(home);
    if (home.data === undefined && metadata.kind !== "view") throw missing(`${stem}.bson`, collection);
    add(collection, metadata, metadata.kind === "view" ? undefined : home.data, metadata !== NO_METADATA);
  }
  for (const [stem, pair] of pairs) {
    if (led.has(pair)) continue;
    const collection = collectionOfStem(stem);
    if (collection === undefined)
      throw mongodumpFault("dump-name-unknown", { file: join(folder, `${stem}.bson`) });
    const series = collection.startsWith(BUCKETS_PREFIX) ? collection.slice(BUCKETS_PREFIX.length) : "";
    if (series !== "" && wants(series)) throw missing(`${fileStem(series)}.metadata.json`, series);
    if (wants(collection)) add(collection, NO_METADATA, pair.data, false);
  }
  return [...found.values()];
}

function pairUp(folder: string, database: string, names: readonly string[]): Map<string, Pair> {
  const pairs = new Map<string, Pair>();
  for (const name of names) {
    const parts = /^(?<stem>.*)\.(?<ending>bson|metadata\.json)(?<gzip>\.gz)?$/s.exec(name)?.groups;
    if (parts === undefined) continue;
    const stem = parts["stem"]!;
    const pair = pairs.get(stem) ?? {};
    pairs.set(stem, pair);
    const role = parts["ending"] === "bson" ? "data" : "metadata";
    const file = join(folder, name);
    if (pair[role] !== undefined) throw twice(`${database}.${stem}`, [pair[role].file, file]);
    pair[role] = { file, isGzip: parts["gzip"] !== undefined };
  }
  return pairs;
}

/** Reads the collection's full name from the metadata, because it was too long for a file name. */
async function cutName(metadata: DumpFile, namespace: string): Promise<string> {
  const { collectionName } = await metadataIn(metadata, namespace);
  if (collectionName === undefined) throw mongodumpFault("dump-name-unknown", { file: metadata.file });
  return collectionName;
}

async function metadataIn({ file, isGzip }: DumpFile, namespace: string): Promise<Metadata> {
  const text = await readText(file, isGzip);
  // mongorestore, too, treats an empty file as missing.
  if (text === "") return NO_METADATA;
  try {
    return readMetadata(text);
  } catch (error) {
    throw mongodumpFault("dump-metadata", { file, namespace, reason: reasonOf(error) }, error);
  }
}

function twice(namespace: string, files: readonly string[]): FirebreakError {
  return mongodumpFault("dump-file-twice", { namespace, files });
}
