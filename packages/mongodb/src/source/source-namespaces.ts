import {
  asksFor,
  isSystemDatabase,
  LeftOutTally,
  sourceSelection,
  type LeftOut,
  type NamespaceFilter,
} from "@firebreak/archive";
import { MongoServerError } from "mongodb";
import type { MongodbSource } from "../driver/connect.ts";
import { databaseTest } from "./glob-halves.ts";
import { LEDGER } from "../target/ledger/ledger.ts";
import { explainMongodb, UNAUTHORIZED } from "../driver/mongodb-faults.ts";
import {
  describeCollections,
  listCollections,
  type ListedCollection,
  type Namespace,
} from "../driver/namespaces.ts";

/** The collections of a server for an export. */
export interface SourceNamespaces {
  /** Sorted by namespace. */
  readonly namespaces: readonly Namespace[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Lists the collections that pass a filter, sorted by name, and those that are left out: MongoDB's own and
 * our ledger.
 *
 * The databases `admin` and `config` are included, because applications keep collections there. A user who
 * may read all other databases may still lack access to these: then they are listed as left out.
 *
 * @param known databases that were read before: if the user has no access there, that is an error.
 * @throws {FirebreakError} any error of mongodb.
 */
export async function listSource(
  source: MongodbSource,
  filter: NamespaceFilter,
  known: ReadonlySet<string> = new Set(),
): Promise<SourceNamespaces> {
  const choose = sourceSelection(filter, source.database);
  const leftOut = new LeftOutTally();
  const namespaces: Namespace[] = [];
  let object = "the list of databases";
  try {
    for (const database of (await databaseNames(source)).filter(databaseTest(filter))) {
      object = `database ${database}`;
      const isOptional =
        isSystemDatabase(database) &&
        database !== source.database &&
        !asksFor(filter, database) &&
        !known.has(database);
      const listed = await listOptionally(source, database, isOptional);
      if (listed === undefined) {
        if (database !== "local") leftOut.add("forbidden", `${database}.*`);
        continue;
      }
      const choiceOf = new Map(listed.map(({ info }) => [info.name, choose(database, info.name)]));
      for (const [name, choice] of choiceOf) leftOut.addChoice(choice, `${database}.${name}`);
      if (choiceOf.get(LEDGER) === "wanted") leftOut.add("ledger", `${database}.${LEDGER}`);
      const isChosen = (name: string): boolean => choiceOf.get(name) === "wanted" && name !== LEDGER;
      namespaces.push(...(await describeCollections(source, database, listed, isChosen)));
    }
  } catch (error) {
    throw explainMongodb(error, source.server, object);
  }
  return {
    namespaces: namespaces.toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1)),
    leftOut: leftOut.found(filter),
  };
}

/** Lists the same namespaces as `listSource`, without those left out. */
export async function listNamespaces(
  source: MongodbSource,
  filter: NamespaceFilter,
  known?: ReadonlySet<string>,
): Promise<readonly Namespace[]> {
  return (await listSource(source, filter, known)).namespaces;
}

/** Lists a database's collections. Undefined if the user has no access to an optional database. */
async function listOptionally(
  source: MongodbSource,
  database: string,
  isOptional: boolean,
): Promise<ListedCollection[] | undefined> {
  try {
    return await listCollections(source, database);
  } catch (error) {
    if (isOptional && error instanceof MongoServerError && error.code === UNAUTHORIZED) return undefined;
    throw error;
  }
}

/** Lists all databases, or only those that the user may read. Throws if there are none of these. */
async function databaseNames(source: MongodbSource): Promise<string[]> {
  if (source.database !== undefined) return [source.database];
  const admin = source.client.db("admin").admin();
  const names = async (authorizedDatabases: boolean): Promise<string[]> =>
    (await admin.listDatabases({ nameOnly: true, authorizedDatabases })).databases.map((d) => d.name);
  return names(false).catch(async (error: unknown) => {
    const readable = await names(true).catch(() => []);
    if (readable.length === 0) throw error;
    return readable;
  });
}
