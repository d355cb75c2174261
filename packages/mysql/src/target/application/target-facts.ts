import { quoteIdentifier } from "@firebreak/mysql-format";
import type { MysqlManifest, ProfileFacts, TargetFacts } from "@firebreak/archive";
import type { MysqlSession } from "../../driver/connect.ts";
import { LEDGER } from "../ledger/ledger.ts";
import { tableName } from "../../driver/server-facts.ts";
import { isIndexed } from "../../stored/table-ranges.ts";
import type { Application, RowSample, SampledRow } from "./application.ts";
import { type DescribedTable, describedTables } from "./described-tables.ts";
import { targetDatabases } from "../load-plan.ts";

/** The number of rows from each end of a table. Rows of a month's first and last minutes tell most. */
const SAMPLED_ROWS = 100;
/** The number of tables in one statement that asks which have rows. */
const TABLES_AT_ONCE = 50;

/**
 * Reads the facts of a target that matter for rows that are made elsewhere: its tables with columns
 * and keys, its migration, its zones, and what a sample of its rows shows. It writes nothing. The
 * result can be saved: plain values, a few KB.
 *
 * @param made the settings with which rows for these tables were made.
 * @param isSampled false to look at no rows. It is then not known which tables have some: `filled` is empty.
 */
export async function targetFacts(
  session: MysqlSession,
  database: string,
  application: Application | undefined,
  made?: ProfileFacts,
  isSampled = true,
): Promise<TargetFacts> {
  const all = await describedTables(session, database);
  const tables = all.filter(({ table }) => table !== LEDGER && table !== application?.historyTable);
  const filled = isSampled ? await filledTables(session, database, tables) : [];
  const rows = application?.sampledRows(made);
  for (const { table, columns } of filled) {
    const sample = application?.sampleOf(table);
    // A site's own form of a table may lack columns that others have.
    const names = new Set(columns.map((c) => c.name));
    if (sample === undefined || ![sample.by, ...sample.columns].every((name) => names.has(name))) continue;
    for (const row of await sampledRows(session, database, table, sample)) rows?.add(table, row);
  }
  const [server] = await session.rows<{ version: string; global: string; system: string }>(
    "SELECT VERSION() AS version, @@global.time_zone AS `global`, @@system_time_zone AS `system`",
  );
  return {
    format: "firebreak-target-facts",
    formatVersion: 1,
    server: server!.version,
    database,
    ...application?.migrationFacts(await application.migration(session, database)),
    zones: { global: server!.global, system: server!.system },
    shapes: shapesOf(tables),
    filled: filled.map(({ table }) => table),
    rowEstimates: Object.fromEntries(filled.map(({ table, estimatedRows }) => [table, estimatedRows])),
    ...rows?.answers(),
  };
}

/** Returns the application whose tables a database has. Undefined if it has those of none. */
export async function applicationIn(
  session: MysqlSession,
  database: string,
  applications: readonly Application[],
): Promise<Application | undefined> {
  const tables = await session.rows<{ t: string }>(
    "SELECT table_name AS t FROM information_schema.tables WHERE table_schema = ?",
    [database],
  );
  return applications.find((one) =>
    tables.some(({ t }) => t === one.historyTable || one.sampleOf(t) !== undefined),
  );
}

/** Returns the tables that have rows. */
async function filledTables(
  session: MysqlSession,
  database: string,
  tables: readonly DescribedTable[],
): Promise<DescribedTable[]> {
  const filled: DescribedTable[] = [];
  for (let from = 0; from < tables.length; from += TABLES_AT_ONCE) {
    const some = tables.slice(from, from + TABLES_AT_ONCE);
    const asked = some.map((t, i) => `EXISTS (SELECT 1 FROM ${tableName(database, t.table)}) AS t${i}`);
    const [answer] = await session.rows<Record<string, string | number>>(`SELECT ${asked.join(", ")}`);
    filled.push(...some.filter((_, i) => Number(answer![`t${i}`]) === 1));
  }
  return filled;
}

async function sampledRows(
  session: MysqlSession,
  database: string,
  table: string,
  { by, columns }: RowSample,
): Promise<SampledRow[]> {
  const select = columns
    .map((name) => `CAST(${quoteIdentifier(name)} AS CHAR) AS ${quoteIdentifier(name)}`)
    .join(", ");
  const from = `SELECT ${select} FROM ${tableName(database, table)}`;
  // Without an index, each end would need a sort of the whole table.
  if (!(await isIndexed(session, database, table, by)))
    return session.rows<SampledRow>(`${from} LIMIT ${SAMPLED_ROWS}`);
  const order = `ORDER BY ${tableName(database, table)}.${quoteIdentifier(by)}`;
  const first = await session.rows<SampledRow>(`${from} ${order} LIMIT ${SAMPLED_ROWS}`);
  if (first.length < SAMPLED_ROWS) return first;
  return [...first, ...(await session.rows<SampledRow>(`${from} ${order} DESC LIMIT ${SAMPLED_ROWS}`))];
}

/** Groups tables of the same shape, in the order of each group's first table. */
function shapesOf(tables: readonly DescribedTable[]): TargetFacts["shapes"] {
  const shapes = Map.groupBy(tables, ({ columns, uniqueKeys }) => JSON.stringify([columns, uniqueKeys]));
  return [...shapes.values()].map((same) => ({
    tables: same.map(({ table }) => table),
    columns: [...same[0]!.columns],
    uniqueKeys: same[0]!.uniqueKeys.map((key) => [...key]),
  }));
}

/**
 * Notes the migrations of the databases that have tables of an application. The returned check refuses a
 * target whose migrations changed since. Without its history, the application would start as if its database
 * were new. With another history, the application was started during the load.
 */
export async function watchMigrations(
  session: MysqlSession,
  { tables }: Pick<MysqlManifest, "tables">,
  application: Application | undefined,
): Promise<() => Promise<void>> {
  const given = tables.filter((t) => t.isGiven === true);
  if (given.length === 0 || application === undefined) return async () => {};
  const found = new Map<string, string>();
  for (const database of targetDatabases({ tables: given }, session.target.database))
    found.set(database, (await application.migration(session, database)) ?? "");
  return async () => {
    for (const [database, before] of found) {
      const after = await application.migration(session, database);
      if (after !== before) throw application.migrationMoved({ database, before, after });
    }
  };
}
