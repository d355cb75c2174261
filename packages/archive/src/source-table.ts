import { z } from "zod";
import { archiveFault } from "./archive-faults.ts";
import { reasonOf } from "./reasons.ts";
import { notCarriedSchema } from "./manifest/not-carried.ts";
import type { SourceNamespace } from "./manifest/source-manifest.ts";
import { readSmallFile } from "./protection/small-file.ts";

const columnSchema = z.object({
  name: z.string(),
  /** `column_type` of information_schema.columns: `bigint(20) unsigned zerofill`, `enum('a','b')`. */
  sqlType: z.string(),
  /** `data_type` there: `bigint`, `enum`. */
  dataType: z.string(),
  /** For text: the character set and collation that it is stored in. */
  characterSet: z.string().optional(),
  collation: z.string().optional(),
  /** For numbers: digits in all and behind the point. */
  precision: z.number().optional(),
  scale: z.number().optional(),
  /** For times: digits of the second's fraction. */
  fraction: z.number().optional(),
  isNullable: z.boolean(),
  /** A generated column has no values in the lines. */
  isGenerated: z.boolean(),
  /**
   * For an ENUM or SET: true if lines have the numbers of its values, because their texts are not all
   * different.
   */
  isNumbered: z.literal(true).optional(),
  comment: z.string(),
});
export type SourceColumn = z.infer<typeof columnSchema>;

const objectSchema = z.object({
  name: z.string(),
  createStatement: z.string(),
  /** The session's settings when the object was made. A session that makes it again must have the same. */
  sqlMode: z.string(),
  characterSet: z.string(),
  collation: z.string(),
  /**
   * The collation of its database at that time. Parameters and variables without a character set of their own
   * have it.
   */
  databaseCollation: z.string().optional(),
  /** For events: the zone of their times. */
  timeZone: z.string().optional(),
});
/** A trigger, procedure, function, event or library, with the statement that makes it. */
export type StoredObject = z.infer<typeof objectSchema>;

const indexSchema = z.object({
  name: z.string(),
  isUnique: z.boolean(),
  /** In order; empty if the index has an expression in the place of a column. */
  columns: z.array(z.object({ name: z.string(), isDescending: z.boolean(), prefix: z.number().optional() })),
  /** BTREE, FULLTEXT, SPATIAL, HASH. */
  type: z.string(),
});

const tableSchema = z.object({
  /** The statement that SHOW CREATE TABLE gives; for a view, SHOW CREATE VIEW. */
  createStatement: z.string(),
  columns: z.array(columnSchema),
  /** The columns of the primary key, in its order; else of the first unique key without NULLs; else none. */
  keyColumns: z.array(z.string()),
  indexes: z.array(indexSchema),
  comment: z.string(),
  triggers: z.array(objectSchema),
  /** For a view: the session's settings when it was made. */
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
  /** MariaDB only. */
  sequences: z.array(z.object({ name: z.string(), createStatement: z.string(), next: z.string() })),
  /** MySQL only. Missing if there are none. */
  libraries: z.array(objectSchema).optional(),
  /** Objects that the database has, or may have, and the archive has not. Earlier versions left it out. */
  notCarried: z.array(notCarriedSchema).optional(),
});
/** Returns the manifest's field for a table whose lines have numbers for the values of an ENUM or SET. */
export function memberNumbersOf({ columns }: Pick<SourceTable, "columns">): {
  readonly hasMemberNumbers?: true;
} {
  return columns.some((c) => c.isNumbered === true && !c.isGenerated) ? { hasMemberNumbers: true } : {};
}

/** The objects of a MySQL database besides tables and views. */
export type SourceDatabase = z.infer<typeof databaseSchema>;

/**
 * Returns the names by which globs choose a database's objects; the first, `db.`, stands for any object it
 * might have.
 */
export function objectNames(all: SourceDatabase): string[] {
  const { procedures, functions, events, sequences, libraries = [] } = all;
  const objects = [procedures, functions, events, sequences, libraries].flat();
  return ["", ...objects.map(({ name }) => name)].map((name) => `${all.database}.${name}`);
}

/** Returns the content of a table's or view's `collection.json`. */
export function tableFileText(
  { namespace, kind }: Pick<SourceNamespace, "namespace" | "kind">,
  table: SourceTable,
): string {
  return `${JSON.stringify({ namespace, kind, ...table }, undefined, 1)}\n`;
}

/** Returns the content of `databases/DB.json`. */
export function databaseFileText(database: SourceDatabase): string {
  return `${JSON.stringify(database, undefined, 1)}\n`;
}

/**
 * Reads a `collection.json` in an archive of MySQL.
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

/** Reads the file of a database's objects besides tables; throws as `readTableFile` does. */
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
