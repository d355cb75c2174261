import { z } from "zod";
import { extraCountSchema } from "./extra-values.ts";
import { lineIndexSchema } from "./line-index.ts";
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
  /** The type as MySQL writes it in information_schema.columns.column_type, without display width. */
  sqlType: z.string(),
  form: z.enum(["text", "binary", "double", "member", "mixed"]),
  /** For text columns with the definition of a MySQL source: the character set that stores the text. */
  characterSet: z.string().optional(),
  /** For columns with the definition of a MySQL source. All other columns except the key may be NULL. */
  isNullable: z.boolean().optional(),
});
export type Column = z.infer<typeof columnSchema>;

/** Facts that load needs of a table with the definition of its MySQL source. Other tables have none. */
const ownTableSchema = z.object({
  /**
   * The engine of the table when all rows are in. Until then it is InnoDB, which can roll back half a part.
   */
  engine: z.string(),
  /** The CREATE TABLE statement in that engine, if it is not InnoDB; `createTable` is then of InnoDB. */
  createInEngine: z.string().optional(),
  generatedColumns: z.array(z.string()),
  uniqueIndexes: z.array(z.string()),
  /**
   * True if there are dates that no calendar has (0000-00-00, 2024-02-31): a session must then allow them.
   */
  hasOddDates: z.boolean(),
  /** True if JSON documents contain DECIMALs, which LOAD DATA would make DOUBLEs. Missing if none do. */
  hasJsonDecimals: z.boolean().optional(),
  /**
   * True if ENUMs have the error value 0, which only a session that is not strict can write. Missing if none
   * do.
   */
  hasEnumZeros: z.boolean().optional(),
});
export type OwnTable = z.infer<typeof ownTableSchema>;

export const tablePartSchema = partSchema.extend({ digest: digestSchema });
export type TablePart = z.infer<typeof tablePartSchema>;

export const tableSchema = z.object({
  table: z.string(),
  /** The target database, unless the URL of the target names one. */
  database: z.string(),
  namespace: z.string(),
  columns: z.array(columnSchema),
  keyColumns: z.array(z.string()),
  rowEncoding: z.enum(["values", "value-hashes"]),
  digest: digestSchema,
  /** Canonical bytes of the largest value and of the largest row, for the target's packet limit. */
  largestValueBytes: countSchema,
  largestRowBytes: countSchema,
  createTable: z.string(),
  indexes: z.array(z.object({ name: z.string(), statement: z.string() })),
  /** Sentences that earlier versions wrote; now the namespace has `notCarried`, by codes. */
  notCarried: z.array(z.string()),
  parts: z.array(tablePartSchema),
  /**
   * Values in `_extra` of the rows that `digest` counts. Missing if an earlier version did not count them.
   */
  extra: z.array(extraCountSchema).optional(),
  /** Values in `_extra` of the rows in `parts` alone, if a delta brings some of a table's rows. */
  partsExtra: z.array(extraCountSchema).optional(),
  /**
   * In a delta: the change of the table. Missing if the table is unchanged, and it then has no parts.
   * `digest` is that of the whole table after the delta; `parts` are the rows to insert.
   */
  change: changeSchema.optional(),
  /**
   * In a delta: CSV of key columns, in the order of `keyColumns`. Every row with one of these keys is deleted
   * before rows are inserted.
   */
  keys: z.array(partSchema).optional(),
  /**
   * In a delta: the number of `keys` that get no new row; present if `keys` does not list the keys of new
   * rows.
   */
  goneCount: countSchema.optional(),
  /** In a delta: statements that make room in the table for its rows, in order. */
  alter: z.array(z.string()).optional(),
  own: ownTableSchema.optional(),
  /**
   * True if the table is an application's own and exists in the target: it is never made, altered or dropped,
   * `createTable` is empty, and `columns` are those that get values. The manifest's `target` has its required
   * shape.
   */
  isGiven: z.literal(true).optional(),
  /**
   * For a given table: the columns that tell its rows apart, if no unique key does. Several equal rows may
   * have one such key.
   */
  logicalKey: z.array(z.string()).optional(),
});
export type MysqlTable = z.infer<typeof tableSchema>;

/** Returns the table with its logical key as its key. */
export function logicalTable(table: MysqlTable): MysqlTable {
  return table.logicalKey === undefined ? table : { ...table, keyColumns: table.logicalKey };
}

/** The counts of how the lines of a namespace were used. */
export const namespaceSchema = z.object({
  namespace: z.string(),
  lineCount: countSchema,
  mappedCount: countSchema,
  quarantinedCount: countSchema,
  skippedCount: countSchema,
  collapsedCount: countSchema,
  quarantine: z.array(partSchema),
  /**
   * Indexes, options and other parts of its definition that the target does not get. Missing in manifests of
   * earlier versions.
   */
  notCarried: z.array(notCarriedSchema).optional(),
  /**
   * Lists of lines to which a rule of a profile applied (skipped, moved, …), for people who want to look at
   * each.
   */
  listed: z.array(partSchema).optional(),
});

/** `mysql/manifest.json`: the output of transform for MySQL and MariaDB. */
export const mysqlManifestSchema = z.object({
  format: z.literal("firebreak-mysql"),
  formatVersion: versionSchema,
  /** The hash of the archive's own `manifest.json`: rows of another archive are refused. */
  sourceManifestSha256: sha256Schema,
  /**
   * In a delta: its place in the chain. `baseSha256` is that of the folder which transform made of the link
   * before.
   */
  delta: deltaSchema.optional(),
  profile: z.string(),
  /** For profiles other than the generic one. */
  profileFacts: profileFactsSchema.optional(),
  /** The assumed shape of given tables. */
  target: targetFactsSchema.optional(),
  namespaces: z.array(namespaceSchema),
  tables: z.array(tableSchema),
  /** Objects that the target does not get and that belong to no mapped namespace. */
  databases: z.array(databaseSchema).optional(),
  /** With a profile: the index for the transform of the next delta. */
  lineIndex: lineIndexSchema.optional(),
  files: z.array(fileSchema),
  run: runSchema,
  /** The Ed25519 key whose signature is in `manifest.json.sig`: the x of RFC 8037. */
  signedBy: z.string().optional(),
});

export type MysqlManifest = z.infer<typeof mysqlManifestSchema>;
export type MysqlNamespace = MysqlManifest["namespaces"][number];

/** Returns true if cells of these tables are the numbers of an ENUM's or SET's values. */
export function haveMemberNumbers(tables: readonly Pick<MysqlTable, "columns">[]): boolean {
  return tables.some(({ columns }) => columns.some((c) => c.form === "member"));
}

/** Selects tables of a manifest and may change them. Returns undefined for a table that is not selected. */
export type TableSelection = (table: MysqlTable) => MysqlTable | undefined;

/** Returns the manifest of the selected tables; without a selection, the whole manifest. */
export function selectTables(manifest: MysqlManifest, select?: TableSelection): MysqlManifest {
  if (select === undefined) return manifest;
  const tables = manifest.tables.flatMap((t) => select(t) ?? []);
  const wanted = new Set(tables.map((t) => t.namespace));
  return { ...manifest, tables, namespaces: manifest.namespaces.filter((n) => wanted.has(n.namespace)) };
}

const repairTableSchema = z.object({
  /**
   * The table's entry in the manifest that is repaired; its parts are in the target's ledger, not in this
   * folder.
   */
  table: tableSchema,
  missingCount: countSchema,
  extraCount: countSchema,
  changedCount: countSchema,
  /** CSV of the key columns, in the order of `keyColumns`: every row with one of these keys is deleted. */
  keys: partSchema,
  /** CSV of whole rows: all rows of the archive that have these keys. */
  rows: partSchema.optional(),
});
export type RepairTable = z.infer<typeof repairTableSchema>;

/** `manifest.json` of a repair: the rows to put right in a target that differs from an archive. */
export const repairManifestSchema = z.object({
  format: z.literal("firebreak-repair"),
  formatVersion: versionSchema,
  /** The hash of the `mysql/manifest.json` whose tables it puts right. */
  mysqlManifestSha256: sha256Schema,
  tables: z.array(repairTableSchema),
  run: runSchema,
  /** The Ed25519 key whose signature is in `manifest.json.sig`: the x of RFC 8037. */
  signedBy: z.string().optional(),
});

export type RepairManifest = z.infer<typeof repairManifestSchema>;
