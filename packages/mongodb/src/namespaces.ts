import {
  isSystemCollection,
  isSystemDatabase,
  LineWriter,
  namespaceTest,
  type CollectionKind,
  type NamespaceFilter,
  type SourceCollection,
} from "@firebreak/archive";
import { BSON, type Document } from "mongodb";
import type { MongodbSource } from "./connect.ts";
import { explainMongodb } from "./mongodb-faults.ts";

/** One collection as it is on the server. */
export interface Namespace extends SourceCollection {
  /** Whether documents can be read in the order of their `_id`. */
  readonly hasIdOrder: boolean;
}

/** All collections that the filter lets through, but system ones, sorted by name. */
export async function listNamespaces(source: MongodbSource, filter: NamespaceFilter): Promise<Namespace[]> {
  const isWanted = namespaceTest(filter);
  try {
    const found: Namespace[] = [];
    for (const database of await databaseNames(source)) {
      const listed = await source.client.db(database).listCollections({}, { raw: true }).toArray();
      for (const bytes of listed as unknown as Buffer[]) {
        const info = BSON.deserialize(bytes) as { name: string; type?: string; options?: Document };
        if (isSystemCollection(info.name) || !isWanted(`${database}.${info.name}`)) continue;
        found.push(await describe(source, database, info, bytes));
      }
    }
    return found.sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
  } catch (error) {
    throw explainMongodb(error, source.server);
  }
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
  info: { name: string; type?: string; options?: Document },
  bytes: Buffer,
): Promise<Namespace> {
  const kind = kindOf(info.type, info.options);
  const indexes = kind === "view" ? [] : await listIndexes(source, database, info.name);
  const isClustered = info.options?.["clusteredIndex"] !== undefined;
  return {
    namespace: `${database}.${info.name}`,
    database,
    collection: info.name,
    kind,
    optionsText: fieldText(bytes, "options"),
    indexTexts: indexes.map((index) => lineText(index)),
    // Capped collections keep the order of insertion, which is theirs to keep in the archive too.
    hasIdOrder:
      kind === "collection" && (isClustered || indexes.some((i) => BSON.deserialize(i)["name"] === "_id_")),
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

function lineText(document: Buffer): string {
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
