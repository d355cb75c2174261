import { asSent } from "./as-sent.ts";
import {
  isSystemNamespace,
  LineWriter,
  type CollectionKind,
  type SourceCollection,
} from "@firebreak/archive";
import { BSON, MongoServerError, type Document } from "mongodb";
import { elementOf } from "./bson-map.ts";
import { isVersion, type MongodbSource } from "./connect.ts";
import { LEDGER } from "../target/ledger/ledger.ts";
import { explainMongodb, mongodbFault } from "./mongodb-faults.ts";

/** The prefix of the name of a time-series collection's buckets. */
const BUCKETS = "system.buckets.";

/** Server error code: MongoDB's `error_codes.yml`. */
const NAMESPACE_NOT_FOUND = 26;

/** The first version where `_id` of clustered collections takes bounds (manual, "Clustered Collections"). */
const CLUSTERED_SINCE = [5, 3] as const;

interface CollectionInfo {
  readonly name: string;
  readonly type?: string;
  readonly options?: Document;
}

/** One collection as it is on the server. */
export interface Namespace extends SourceCollection {
  /** The collection that stores the documents: itself, or for a time-series collection its buckets. */
  readonly storedIn: string;
  /** True if documents can be read in the order of their `_id`. */
  readonly hasIdOrder: boolean;
}

/** A collection as a server lists it, before it is described. */
export interface ListedCollection {
  readonly bytes: Buffer;
  readonly info: CollectionInfo;
}

/** Lists the collections of one database, in the server's order. Throws the driver's errors unchanged. */
export async function listCollections(source: MongodbSource, database: string): Promise<ListedCollection[]> {
  const listed = await source.client.db(database).listCollections({}, { raw: true }).toArray();
  return asSent<Buffer[]>(listed).map((bytes) => ({ bytes, info: asSent(BSON.deserialize(bytes)) }));
}

/**
 * Returns the namespaces of all collections and views in some databases.
 *
 * @throws {FirebreakError} any error of mongodb.
 */
export async function namesIn(source: MongodbSource, databases: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const database of databases)
    try {
      const listed = await source.client.db(database).listCollections({}, { nameOnly: true }).toArray();
      names.push(...listed.map(({ name }) => `${database}.${name}`));
    } catch (error) {
      throw explainMongodb(error, source.server, `database ${database}`);
    }
  return names;
}

/**
 * Lists the collections of one database in the server's order, without system collections and our ledger.
 *
 * @throws {FirebreakError} `time-series-foreign`, or another error of mongodb.
 */
export async function listDatabase(
  source: MongodbSource,
  database: string,
  isWanted: (namespace: string) => boolean,
): Promise<Namespace[]> {
  try {
    return await describeCollections(
      source,
      database,
      await listCollections(source, database),
      (name) => !isSystemNamespace(database, name) && name !== LEDGER && isWanted(`${database}.${name}`),
    );
  } catch (error) {
    throw explainMongodb(error, source.server, database);
  }
}

/**
 * Describes the chosen collections of a database. A collection that was dropped meanwhile is left out.
 *
 * @throws {FirebreakError} `time-series-foreign` if a time-series collection has no buckets in the form known
 * here: a read of buckets that are elsewhere would find nothing, and nobody would notice.
 */
export async function describeCollections(
  source: MongodbSource,
  database: string,
  listed: readonly ListedCollection[],
  isChosen: (collection: string) => boolean,
): Promise<Namespace[]> {
  const names = new Set(listed.map(({ info }) => info.name));
  const found: Namespace[] = [];
  for (const { bytes, info } of listed) {
    if (!isChosen(info.name)) continue;
    if (info.type === "timeseries" && !names.has(storedIn("timeseries", info.name)))
      throw mongodbFault("time-series-foreign", {
        server: source.server,
        namespace: `${database}.${info.name}`,
      });
    const described = await describe(source, database, info, bytes).catch((error: unknown) => {
      // It was just dropped or renamed.
      if (error instanceof MongoServerError && error.code === NAMESPACE_NOT_FOUND) return undefined;
      throw error;
    });
    if (described !== undefined) found.push(described);
  }
  return found;
}

/** Returns the collection that stores the documents of a collection of this kind. */
export function storedIn(kind: SourceCollection["kind"], collection: string): string {
  return kind === "timeseries" ? `${BUCKETS}${collection}` : collection;
}

async function describe(
  source: MongodbSource,
  database: string,
  info: CollectionInfo,
  bytes: Buffer,
): Promise<Namespace> {
  const kind = kindOf(info.type, info.options);
  const indexes = kind === "view" ? [] : await listIndexes(source, database, info.name);
  const hasIdOrder = (): boolean => {
    switch (kind) {
      case "collection":
        return (
          info.options?.["clusteredIndex"] !== undefined ||
          indexes.some((i) => BSON.deserialize(i)["name"] === "_id_")
        );
      // Buckets are clustered by `_id`.
      case "timeseries":
        return isVersion(source.version, CLUSTERED_SINCE);
      // Capped collections keep the order of insertion, and the archive has to keep it too.
      case "capped":
      case "view":
        return false;
    }
  };
  return {
    namespace: `${database}.${info.name}`,
    database,
    collection: info.name,
    kind,
    storedIn: storedIn(kind, info.name),
    optionsText: fieldText(bytes, "options"),
    indexTexts: indexes.map((index) => lineText(index)),
    hasIdOrder: hasIdOrder(),
  };
}

function kindOf(type: string | undefined, options: Document | undefined): CollectionKind {
  if (type === "view" || type === "timeseries") return type;
  return options?.["capped"] === true ? "capped" : "collection";
}

async function listIndexes(source: MongodbSource, database: string, collection: string): Promise<Buffer[]> {
  return asSent(await source.client.db(database).collection(collection).listIndexes({ raw: true }).toArray());
}

/** Returns a document as a line, the form that texts of options and indexes have. */
export function lineText(document: Buffer): string {
  const lines = new LineWriter();
  lines.write(document, 0, document.length);
  return lines.out.written().toString("utf8");
}

/** Returns the text of a top-level field that is a document, or `{}` if it is missing. */
function fieldText(document: Buffer, field: string): string {
  const element = elementOf(document, field);
  return element === undefined ? "{}" : lineText(element.value);
}
