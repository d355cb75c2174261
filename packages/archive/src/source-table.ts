import { z } from "zod";
import { archiveFault } from "./archive-faults.ts";
import { reasonOf } from "./errors.ts";
import { notCarriedSchema } from "./manifest/not-carried.ts";
import type { SourceNamespace } from "./manifest/source-manifest.ts";
import { readSmallFile } from "./protection/small-file.ts";

const columnSchema = z.object({
  name: z.string(),
  /** `column_type` of information_schema.columns: `bigint(20) unsigned zerofill`, `enum('a','b')`. */
  sqlType: z.string(),
  /** `data_type` there: `bigint`, `enum`. */
  dataType: z.string(),
  /** Of text: the character set and collation it is kept in. */
  characterSet: z.string().optional(),
  collation: z.string().optional(),
  /** Of numbers: digits in all and behind the point. */
  precision: z.number().optional(),
  scale: z.number().optional(),
  /** Of times: digits of the second's fraction. */
  fraction: z.number().optional(),
  isNullable: z.boolean(),
  /** A generated column has no values in the lines. */
  isGenerated: z.boolean(),
  /** Of an ENUM or SET: true if lines have the numbers of its values, for their texts are not all different. */
  isNumbered: z.literal(true).optional(),
  comment: z.string(),
});
export type SourceColumn = z.infer<typeof columnSchema>;

const objectSchema = z.object({
  name: z.string(),
  createStatement: z.string(),
  /** What the session had when it was made, and must have when it is made again. */
  sqlMode: z.string(),
  characterSet: z.string(),
  collation: z.string(),
  /** Of its database at that time: parameters and variables without a character set of their own have it. */
  databaseCollation: z.string().optional(),
  /** Of events: the zone that their times are in. */
  timeZone: z.string().optional(),
});
/** A trigger, procedure, function, event or library, by the statement that makes it. */
export type StoredObject = z.infer<typeof objectSchema>;

const indexSchema = z.object({
  name: z.string(),
  isUnique: z.boolean(),
  /** In order; none where an expression stands in the place of a column. */
  columns: z.array(z.object({ name: z.string(), isDescending: z.boolean(), prefix: z.number().optional() })),
  /** BTREE, FULLTEXT, SPATIAL, HASH. */
  type: z.string(),
});

const tableSchema = z.object({
  /** As SHOW CREATE TABLE (of a view SHOW CREATE VIEW) gives it. */
  createStatement: z.string(),
  columns: z.array(columnSchema),
  /** Of the primary key, in its order; else of the first unique key without NULLs; else none. */
  keyColumns: z.array(z.string()),
  indexes: z.array(indexSchema),
  comment: z.string(),
  triggers: z.array(objectSchema),
  /** Of a view: what the session had when it was made. */
  madeUnder: z.object({ characterSet: z.string(), collation: z.string() }).optional(),
});
/** A table or view of MySQL as its source describes it. */
export type SourceTable = z.infer<typeof tableSchema>;

const databaseSchema = z.object({
  database: z.string(),
  createStatement: z.string(),
  procedures: z.array(objectSchema),
  functions: z.array(objectSchema),
  events: z.array(objectSchema),
  /** MariaDB's. */
  sequences: z.array(z.object({ name: z.string(), createStatement: z.string(), next: z.string() })),
  /** MySQL's; left out where there are none. */
  libraries: z.array(objectSchema).optional(),
  /** What the database has, or may have, that is not in the archive; left out by earlier versions. */
  notCarried: z.array(notCarriedSchema).optional(),
});
/** What a manifest says of a table whose lines have numbers for the values of an ENUM or SET. */
export function memberNumbersOf({ columns }: Pick<SourceTable, "columns">): {
  readonly hasMemberNumbers?: true;
} {
  return columns.some((c) => c.isNumbered === true && !c.isGenerated) ? { hasMemberNumbers: true } : {};
}

/** What a MySQL database has besides tables and views. */
export type SourceDatabase = z.infer<typeof databaseSchema>;

/** The names that globs choose a database's objects by; the first, `db.`, stands for whatever it might have. */
export function objectNames(all: SourceDatabase): string[] {
  const { procedures, functions, events, sequences, libraries = [] } = all;
  const objects = [procedures, functions, events, sequences, libraries].flat();
  return ["", ...objects.map(({ name }) => name)].map((name) => `${all.database}.${name}`);
}

/** The content of a table's or view's `collection.json`. */
export function tableFileText(
  { namespace, kind }: Pick<SourceNamespace, "namespace" | "kind">,
  table: SourceTable,
): string {
  return `${JSON.stringify({ namespace, kind, ...table }, undefined, 1)}\n`;
}

/** The content of `databases/DB.json`. */
export function databaseFileText(database: SourceDatabase): string {
  return `${JSON.stringify(database, undefined, 1)}\n`;
}

/**
 * Reads the `collection.json` of an archive of MySQL.
 *
 * @throws {FirebreakError} `file-missing`, `file-hash`, `key-missing`, `key-wrong`, or `line-unreadable`.
 */
export async function readTableFile(
  archive: string,
  ns: Pick<SourceNamespace, "metadata">,
  identities?: readonly string[],
): Promise<SourceTable> {
  return readJson(archive, ns.metadata, identities, tableSchema);
}

/** Reads what a database has besides tables; throws as `readTableFile` does. */
export async function readDatabaseFile(
  archive: string,
  { metadata }: Pick<SourceNamespace, "metadata">,
  identities?: readonly string[],
): Promise<SourceDatabase> {
  return readJson(archive, metadata, identities, databaseSchema);
}

async function readJson<T>(
  archive: string,
  entry: SourceNamespace["metadata"],
  identities: readonly string[] | undefined,
  schema: z.ZodType<T>,
): Promise<T> {
  const content = await readSmallFile(archive, entry, identities);
  try {
    return schema.parse(JSON.parse(content.toString("utf8")));
  } catch (error) {
    throw archiveFault("line-unreadable", { file: entry.file, line: 1, reason: reasonOf(error) }, error);
  }
}
