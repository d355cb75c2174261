import {
  kindOfSource,
  namespaceTest,
  readSourceManifest,
  readTransformed,
  type MysqlManifest,
  type NamespaceFilter,
  type SourceManifest,
} from "@firebreak/archive";
import { refuseDelta } from "@firebreak/items";
import { mysqlTarget, tableName } from "@firebreak/mysql";
import type { ApplicationQueries } from "./application-queries.ts";
import { archivedIds } from "./archived/archived-ids.ts";
import { drawDocuments, type Drawing } from "./archived/draw-documents.ts";
import { leftOutBy } from "./archived/left-out.ts";
import { collectionQueries, type IndexNotAsked } from "./generic/collection-queries.ts";
import { genericTable } from "./generic/generic-table.ts";
import { queryTestFault, type QueryTestStep } from "./query-test-faults.ts";
import type { QueryResult } from "./query-result.ts";
import { mongodbSide, type IsLeftOut } from "./sides/mongodb-side.ts";
import { mysqlSide } from "./sides/mysql-side.ts";
import { testOneQuery } from "./test-one-query.ts";
import type { TestedQuery } from "./tested-query.ts";

export interface QueryTestOptions extends NamespaceFilter {
  readonly archive: string;
  /** The folder of transform's output for MySQL. */
  readonly folder: string;
  readonly mongodbUrl: string;
  readonly mysqlUrl: string;
  /** The number of connections at once, besides the runs over one. */
  readonly connectionCount: number;
  /** The user's identities, for an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
  /** Finds the queries of the application of a profile. Undefined if the profile has none. */
  readonly applicationQueries?: ((profile: string) => Promise<ApplicationQueries | undefined>) | undefined;
  /**
   * True if the archive has only a part of the source's documents, at most `MOST_PART_DOCUMENTS`. The others then count
   * in no answer.
   */
  readonly isPart?: boolean;
  /** Queries of the user's own. */
  readonly custom?: readonly TestedQuery[] | undefined;
}

export type QueryTestEvent =
  | QueryTestStep
  | ({ readonly kind: "query" } & QueryResult)
  /** All results, last. */
  | { readonly kind: "queries"; readonly connectionCount: number; readonly queries: readonly QueryResult[] };

/**
 * Runs an application's queries on the source and on the target of an archive, and compares answers and
 * times. It only reads. The source must be at rest since the export, or what changed since shows as a
 * difference.
 *
 * @throws {FirebreakError} `query-test-direction`, `archive-is-delta`, `archive-incomplete`, or an error of
 * archive, mongodb or mysql.
 */
export async function* queryTest(options: QueryTestOptions): AsyncGenerator<QueryTestEvent> {
  const { archive, folder, identities, connectionCount } = options;
  const source = await readSourceManifest(archive, identities);
  refuseDelta(source.manifest, archive);
  const made = await readTransformed(folder, source.sha256, identities);
  if (kindOfSource(source.manifest) !== "mongodb" || made === undefined)
    throw queryTestFault("query-test-direction", { archive });
  const isRefused = await leftOutBy(folder, made, identities);
  const isArchived =
    options.isPart === true
      ? await archivedIds(archive, source.manifest.namespaces, identities)
      : (): boolean => true;
  const isLeftOut: IsLeftOut = (ns, id) => isRefused(ns, id) || !isArchived(ns, id);
  const sides = {
    source: mongodbSide(options.mongodbUrl, isLeftOut),
    target: mysqlSide(options.mysqlUrl),
    connectionCount,
  };
  const drawing = { archive, identities, isLeftOut };
  const queries = [
    ...(yield* genericQueries(options, source.manifest, made, drawing)),
    ...(await ofApplication(options, source.manifest, made, drawing)),
    ...(options.custom ?? []),
  ];
  if (queries.length === 0) {
    yield { kind: "note", code: "queries-none", fields: { archive } };
    yield { kind: "queries", connectionCount, queries: [] };
    return;
  }
  const results: QueryResult[] = [];
  for (const query of queries) {
    yield { kind: "progress", stage: "queries", items: results.length, bytes: 0, totalItems: queries.length };
    const result = await testOneQuery(query, sides);
    results.push(result);
    yield { kind: "query", ...result };
  }
  yield { kind: "queries", connectionCount, queries: results };
  yield { kind: "note", code: "first-is-not-cold", fields: { connections: connectionCount } };
}

async function* genericQueries(
  options: QueryTestOptions,
  { namespaces }: SourceManifest,
  { tables }: MysqlManifest,
  drawing: Drawing,
): AsyncGenerator<QueryTestStep, TestedQuery[]> {
  const isWanted = namespaceTest(options);
  const { database } = mysqlTarget(options.mysqlUrl);
  const queries: TestedQuery[] = [];
  const indexes: IndexNotAsked[] = [];
  const notAsked: string[] = [];
  for (const made of tables.filter(({ namespace }) => isWanted(namespace))) {
    const table = genericTable(made);
    const ns = namespaces.find(({ namespace }) => namespace === made.namespace);
    if (table === undefined || ns === undefined) {
      if (made.isGiven !== true) notAsked.push(made.table);
      continue;
    }
    const found = await collectionQueries(drawing, ns, table, database);
    queries.push(...found.queries);
    indexes.push(...found.notAsked);
  }
  if (notAsked.length > 0) yield { kind: "note", code: "tables-not-asked", fields: { tables: notAsked } };
  if (indexes.length > 0) yield { kind: "note", code: "indexes-not-asked", fields: { indexes } };
  return queries;
}

async function ofApplication(
  { applicationQueries, mysqlUrl }: QueryTestOptions,
  { namespaces }: SourceManifest,
  { profile, profileFacts, tables }: MysqlManifest,
  drawing: Drawing,
): Promise<readonly TestedQuery[]> {
  const make = profileFacts === undefined ? undefined : await applicationQueries?.(profile);
  if (make === undefined || profileFacts === undefined) return [];
  const { database } = mysqlTarget(mysqlUrl);
  const databases = new Map(tables.map((made) => [made.table, made.database]));
  return make({
    facts: profileFacts,
    namespaces,
    tables,
    tableName: (table) => tableName(database ?? databases.get(table) ?? "", table),
    draw: async (name, count) => {
      const ns = namespaces.find(({ namespace }) => namespace === name);
      return ns === undefined ? [] : drawDocuments(drawing, ns, count);
    },
  });
}
