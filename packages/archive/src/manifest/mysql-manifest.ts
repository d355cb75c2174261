import { z } from "zod";
import { extraCountSchema } from "./extra-values.ts";
import { databaseSchema, notCarriedSchema } from "./not-carried.ts";
import { profileFactsSchema } from "./profile-facts.ts";
import {
  changeSchema,
  countSchema,
  deltaSchema,
  digestSchema,
  fileSchema,
  partSchema,
  runSchema,
  sha256Schema,
  versionSchema,
} from "./schema-parts.ts";
import { targetFactsSchema } from "./target-facts.ts";

const columnSchema = z.object({
  name: z.string(),
  /** As MySQL writes it in information_schema.columns.column_type, without display width. */
  sqlType: z.string(),
  form: z.enum(["text", "binary", "double", "member", "mixed"]),
  /** Of a MySQL table's own column of text: the character set that it is kept in. */
  characterSet: z.string().optional(),
  /** Of a MySQL table's own column; others may be NULL but for the key. */
  isNullable: z.boolean().optional(),
});
export type Column = z.infer<typeof columnSchema>;

/** Of a table that is a MySQL table's own again: what it has that load must know of and others have not. */
const ownTableSchema = z.object({
  /** That it is to have when all rows are in; until then it is InnoDB, which can take half a part back. */
  engine: z.string(),
  /** Its statement in that engine, where it is another: `createTable` is of InnoDB then. */
  createInEngine: z.string().optional(),
  generatedColumns: z.array(z.string()),
  uniqueIndexes: z.array(z.string()),
  /** Whether there are dates that no calendar has (0000-00-00, 2024-02-31): a session must allow them then. */
  hasOddDates: z.boolean(),
  /** True if JSON documents contain DECIMALs, which LOAD DATA would make DOUBLEs; left out if none do. */
  hasJsonDecimals: z.boolean().optional(),
  /** True if ENUMs have the error value 0, which only a session that is not strict can write; left out if none do. */
  hasEnumZeros: z.boolean().optional(),
});
export type OwnTable = z.infer<typeof ownTableSchema>;

export const tablePartSchema = partSchema.extend({ digest: digestSchema });
export type TablePart = z.infer<typeof tablePartSchema>;

export const tableSchema = z.object({
  table: z.string(),
  /** The database when the URL of the target names none. */
  database: z.string(),
  namespace: z.string(),
  columns: z.array(columnSchema),
  keyColumns: z.array(z.string()),
  rowEncoding: z.enum(["values", "value-hashes"]),
  digest: digestSchema,
  /** Of any one value's canonical bytes and of any one row's, for the target's packet limit. */
  largestValueBytes: countSchema,
  largestRowBytes: countSchema,
  createTable: z.string(),
  indexes: z.array(z.object({ name: z.string(), statement: z.string() })),
  /** Sentences that earlier versions wrote; now the namespace has `notCarried`, by codes. */
  notCarried: z.array(z.string()),
  parts: z.array(tablePartSchema),
  /** Values in `_extra`, of the rows that `digest` is of; missing where an earlier version did not count them. */
  extra: z.array(extraCountSchema).optional(),
  /** The same of the rows in `parts` alone, where a delta brings some of a table's rows. */
  partsExtra: z.array(extraCountSchema).optional(),
  /**
   * Of a delta: what becomes of the table; missing where it is as it was, with no
   * parts then. `digest` is of the whole table when the delta is in, `parts` are
   * the rows to insert.
   */
  change: changeSchema.optional(),
  /** Of a delta: CSV of key columns, in the order of `keyColumns`. Every row with one of these keys is deleted before rows are inserted. */
  keys: z.array(partSchema).optional(),
  /** The number of `keys` in a delta that get no new row; present when `keys` does not list the keys of new rows. */
  goneCount: countSchema.optional(),
  /** Of a delta: statements that make room in the table for its rows, in order. */
  alter: z.array(z.string()).optional(),
  own: ownTableSchema.optional(),
  /**
   * The table is an application's own and in the target already: it is never
   * made, altered or dropped, `createTable` is empty, and `columns` are those that
   * get values. What it must be like stands in the manifest's `target`.
   */
  isGiven: z.literal(true).optional(),
  /** Of a given table: what tells its rows apart where no unique key of it does; equal rows of one such key may be several. */
  logicalKey: z.array(z.string()).optional(),
});
export type MysqlTable = z.infer<typeof tableSchema>;

/** A table with what tells its rows apart as its key. */
export function logicalTable(table: MysqlTable): MysqlTable {
  return table.logicalKey === undefined ? table : { ...table, keyColumns: table.logicalKey };
}

/** How the lines of a namespace were used. */
export const namespaceSchema = z.object({
  namespace: z.string(),
  lineCount: countSchema,
  mappedCount: countSchema,
  quarantinedCount: countSchema,
  skippedCount: countSchema,
  collapsedCount: countSchema,
  quarantine: z.array(partSchema),
  /** Indexes, options and other parts of its definition that the target does not get; missing in manifests of earlier versions. */
  notCarried: z.array(notCarriedSchema).optional(),
  /** Lists of lines that a rule of a profile was used on (skipped, moved, …), for those who want to look at each. */
  listed: z.array(partSchema).optional(),
});

/** `mysql/manifest.json`: what transform made of an archive for MySQL and MariaDB. */
export const mysqlManifestSchema = z.object({
  format: z.literal("firebreak-mysql"),
  formatVersion: versionSchema,
  /** The hash of the archive's own `manifest.json`: rows of another archive are refused. */
  sourceManifestSha256: sha256Schema,
  /** Of a delta: its place in the chain, `baseSha256` being that of the folder which transform made of the link before. */
  delta: deltaSchema.optional(),
  profile: z.string(),
  /** Of other profiles than the generic one. */
  profileFacts: profileFactsSchema.optional(),
  /** What given tables were taken to be like. */
  target: targetFactsSchema.optional(),
  namespaces: z.array(namespaceSchema),
  tables: z.array(tableSchema),
  /** The same of what belongs to no namespace that was mapped. */
  databases: z.array(databaseSchema).optional(),
  files: z.array(fileSchema),
  run: runSchema,
  /** The Ed25519 key whose signature is in `manifest.json.sig`: the x of RFC 8037. */
  signedBy: z.string().optional(),
});

export type MysqlManifest = z.infer<typeof mysqlManifestSchema>;
export type MysqlNamespace = MysqlManifest["namespaces"][number];

/** Whether cells of these tables are the numbers of an ENUM's or SET's values. */
export function haveMemberNumbers(tables: readonly Pick<MysqlTable, "columns">[]): boolean {
  return tables.some(({ columns }) => columns.some((c) => c.form === "member"));
}

/** Which of a manifest's tables something is about, and as what; undefined for one that it is not about. */
export type TableSelection = (table: MysqlTable) => MysqlTable | undefined;

/** The manifest of what is selected of it; all of it where nothing selects. */
export function selectTables(manifest: MysqlManifest, select?: TableSelection): MysqlManifest {
  if (select === undefined) return manifest;
  const tables = manifest.tables.flatMap((t) => select(t) ?? []);
  const wanted = new Set(tables.map((t) => t.namespace));
  return { ...manifest, tables, namespaces: manifest.namespaces.filter((n) => wanted.has(n.namespace)) };
}
