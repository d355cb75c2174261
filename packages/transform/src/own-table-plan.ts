import {
  ownColumn,
  type Column,
  type RowEncoding,
  type SourceColumn,
  type SourceNamespace,
  type SourceTable,
} from "@firebreak/archive";
import type { DocumentKey } from "./document-key.ts";
import { loadedTable } from "./own-ddl.ts";

/** From this length of a row on, its values are hashed each alone, so that no server's packet limit can null the hash. */
const LONG_ROW_BYTES = 4 << 20;

/** One table of MySQL as the same table again. */
export interface OwnTablePlan {
  readonly kind: "own";
  readonly namespace: string;
  readonly database: string;
  readonly table: string;
  /** Those that have values in lines, in the table's order. */
  readonly sourceColumns: readonly SourceColumn[];
  /** The same as the manifest has them. */
  readonly columns: readonly Column[];
  readonly keyColumns: readonly string[];
  readonly rowEncoding: RowEncoding;
  readonly createTable: string;
  readonly engine: string;
  readonly generatedColumns: readonly string[];
  readonly uniqueIndexes: readonly string[];
  /** Where its lines are documents: how they hold the row's columns. */
  readonly documentKey: DocumentKey | undefined;
}

/** What a table of MySQL is in `mysql/`: all of it stands in its own description, no look at the rows is needed. */
export function planOwnTable(
  { namespace, database, collection }: Pick<SourceNamespace, "namespace" | "database" | "collection">,
  source: Pick<SourceTable, "createStatement" | "columns" | "keyColumns" | "indexes">,
  documentKey?: DocumentKey,
): OwnTablePlan {
  const sourceColumns = source.columns.filter((c) => !c.isGenerated);
  const withValues = new Set(sourceColumns.map((c) => c.name));
  return {
    kind: "own",
    namespace,
    database,
    table: collection,
    sourceColumns,
    columns: sourceColumns.map(ownColumn),
    // A generated column's values are in no line: without it the rest of a key may not be one.
    keyColumns: source.keyColumns.every((name) => withValues.has(name)) ? source.keyColumns : [],
    rowEncoding:
      sourceColumns.reduce((sum, c) => sum + largestBytes(c), 0) > LONG_ROW_BYTES ? "value-hashes" : "values",
    ...loadedTable(source.createStatement),
    generatedColumns: source.columns.filter((c) => c.isGenerated).map((c) => c.name),
    uniqueIndexes: source.indexes.filter((i) => i.isUnique && i.name !== "PRIMARY").map((i) => i.name),
    documentKey,
  };
}

/** What a value's text can take at most, about (manual, 11.7). */
function largestBytes({ dataType, sqlType }: SourceColumn): number {
  if (/^(medium|long)(text|blob)|^json|geo|point|line|polygon/.test(dataType)) return Infinity;
  if (dataType === "text" || dataType === "blob") return 65_535;
  const size = Number(/\((\d+)/.exec(sqlType)?.[1] ?? 0);
  return /char|binary/.test(dataType) ? size * 4 : 64;
}
