import {
  isSystemCollection,
  isSystemDatabase,
  LineWriter,
  namespaceTest,
  type CollectionKind,
  type NamespaceFilter,
  type SourceCollection,
} from "@firebreak/archive";
import { BSON, MongoServerError, type Document } from "mongodb";
import type { MongodbSource } from "./connect.ts";
import { LEDGER } from "./ledger.ts";
import { explainMongodb, mongodbFault } from "./mongodb-faults.ts";
import { isVersion } from "./server-version.ts";

/** What comes before a time-series collection's name in the name of the collection of its buckets. */
const BUCKETS = "system.buckets.";

/** Server error code: MongoDB's `error_codes.yml`. */
const NAMESPACE_NOT_FOUND = 26;

/** The first version with clustered collections, whose `_id` takes bounds as an index does (manual, "Clustered Collections"). */
const CLUSTERED_SINCE = [5, 3] as const;

interface CollectionInfo {
  readonly name: string;
  readonly type?: string;
  readonly options?: Document;
}

/** One collection as it is on the server. */
export interface Namespace extends SourceCollection {
  /** The collection its documents lie in: its own, but for a time-series collection that of its buckets. */
  readonly storedIn: string;
  /** Whether documents can be read in the order of their `_id`. */
  readonly hasIdOrder: boolean;
}

/** All collections that the filter lets through, but system ones and our ledger, sorted by name. */
export async function listNamespaces(source: MongodbSource, filter: NamespaceFilter): Promise<Namespace[]> {
  const isWanted = namespaceTest(filter);
  try {
    const found: Namespace[] = [];
    for (const database of await databaseNames(source))
      found.push(...(await listDatabase(source, database, isWanted)));
    return found.sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
  } catch (error) {
    throw explainMongodb(error, source.server);
  }
}

/**
 * The collections of one database, but system ones and our ledger, in the server's order.
 *
 * @throws {FirebreakError} `time-series-foreign` where a time-series collection has no buckets of the
 * form known here: a read of buckets that are elsewhere would find nothing, and nobody would notice.
 */
export async function listDatabase(
  source: MongodbSource,
  database: string,
  isWanted: (namespace: string) => boolean,
): Promise<Namespace[]> {
  try {
    const listed = (await source.client
      .db(database)
      .listCollections({}, { raw: true })
      .toArray()) as unknown as Buffer[];
    const infos = listed.map((bytes) => ({ bytes, info: BSON.deserialize(bytes) as CollectionInfo }));
    const names = new Set(infos.map(({ info }) => info.name));
    const found: Namespace[] = [];
    for (const { bytes, info } of infos) {
      const namespace = `${database}.${info.name}`;
      if (isSystemCollection(info.name) || info.name === LEDGER || !isWanted(namespace)) continue;
      if (info.type === "timeseries" && !names.has(storedIn("timeseries", info.name)))
        throw mongodbFault("time-series-foreign", { server: source.server, namespace });
      const described = await describe(source, database, info, bytes).catch((error: unknown) => {
        // It was dropped or renamed just now.
        if (error instanceof MongoServerError && error.code === NAMESPACE_NOT_FOUND) return undefined;
        throw error;
      });
      if (described !== undefined) found.push(described);
    }
    return found;
  } catch (error) {
    throw explainMongodb(error, source.server);
  }
}

/** The collection that the documents of one of this kind lie in. */
export function storedIn(kind: SourceCollection["kind"], collection: string): string {
  return kind === "timeseries" ? `${BUCKETS}${collection}` : collection;
}

/** A user without the right to list all databases still sees those it may read; one that sees none is told so. */
async function databaseNames(source: MongodbSource): Promise<string[]> {
  if (source.database !== undefined) return [source.database];
  const admin = source.client.db("admin").admin();
  const names = async (authorizedDatabases: boolean): Promise<string[]> =>
    (await admin.listDatabases({ nameOnly: true, authorizedDatabases })).databases.map((d) => d.name);
  const listed = await names(false).catch(async (error: unknown) => {
    const readable = await names(true).catch(() => []);
    if (readable.length === 0) throw error;
    return readable;
  });
  return listed.filter((name) => !isSystemDatabase(name));
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
      // Capped collections keep the order of insertion, which is theirs to keep in the archive too.
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
  return (await source.client
    .db(database)
    .collection(collection)
    .listIndexes({ raw: true })
    .toArray()) as unknown as Buffer[];
}

/** The line of a document, as texts of options and indexes have it. */
export function lineText(document: Buffer): string {
  const lines = new LineWriter();
  lines.write(document, 0, document.length);
  return lines.out.written().toString("utf8");
}

/** The text of one top-level field that is a document; `{}` where it is missing. */
function fieldText(document: Buffer, field: string): string {
  for (const [, nameOffset, nameLength, offset, length] of BSON.onDemand.parseToElements(document))
    if (document.toString("utf8", nameOffset, nameOffset + nameLength) === field)
      return lineText(document.subarray(offset, offset + length));
  return "{}";
}
