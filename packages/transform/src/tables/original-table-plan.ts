import { ownColumn, loadedTable } from "@firebreak/mysql-format";
import type { Column, SourceColumn, SourceNamespace, SourceTable } from "@firebreak/archive";
import type { RowEncoding } from "@firebreak/items";
import type { DocumentKey } from "../collections/document-key.ts";

/**
 * The row length in bytes above which each value is hashed on its own. Otherwise a server's packet limit
 * could turn the hash into NULL.
 */
const LONG_ROW_BYTES = 4 << 20;

/** The plan that makes a table of MySQL the same table again. */
export interface OriginalTablePlan {
  readonly kind: "original";
  readonly namespace: string;
  readonly database: string;
  readonly table: string;
  /** The columns that have values in lines, in the table's order. */
  readonly sourceColumns: readonly SourceColumn[];
  /** The same columns in the manifest's form. */
  readonly columns: readonly Column[];
  readonly keyColumns: readonly string[];
  readonly rowEncoding: RowEncoding;
  readonly createTable: string;
  readonly engine: string;
  readonly createInEngine: string | undefined;
  readonly generatedColumns: readonly string[];
  readonly uniqueIndexes: readonly string[];
  /** The position of the row's columns in a document, if the lines are documents. */
  readonly documentKey: DocumentKey | undefined;
}

/**
 * Plans a table of MySQL in `mysql/`. Its own description says everything, so no look at the rows is needed.
 */
export function planOriginalTable(
  { namespace, database, collection }: Pick<SourceNamespace, "namespace" | "database" | "collection">,
  source: Pick<SourceTable, "createStatement" | "columns" | "keyColumns" | "indexes">,
  documentKey?: DocumentKey,
): OriginalTablePlan {
  const sourceColumns = source.columns.filter((c) => !c.isGenerated);
  const withValues = new Set(sourceColumns.map((c) => c.name));
  return {
    kind: "original",
    namespace,
    database,
    table: collection,
    sourceColumns,
    columns: sourceColumns.map(ownColumn),
    // No line has a generated column's value. Without it, the rest of a key may not be unique.
    keyColumns: source.keyColumns.every((name) => withValues.has(name)) ? source.keyColumns : [],
    rowEncoding:
      sourceColumns.reduce((sum, c) => sum + largestBytes(c), 0) > LONG_ROW_BYTES ? "value-hashes" : "values",
    ...loadedTable(source.createStatement),
    generatedColumns: source.columns.filter((c) => c.isGenerated).map((c) => c.name),
    uniqueIndexes: source.indexes.filter((i) => i.isUnique && i.name !== "PRIMARY").map((i) => i.name),
    documentKey,
  };
}

/** Returns about the most bytes that a value's text can take (manual, 11.7). */
function largestBytes({ dataType, sqlType }: SourceColumn): number {
  if (/^(medium|long)(text|blob)|^json|geo|point|line|polygon/.test(dataType)) return Infinity;
  if (dataType === "text" || dataType === "blob") return 65_535;
  const size = Number(/\((\d+)/.exec(sqlType)?.[1] ?? 0);
  return /char|binary/.test(dataType) ? size * 4 : 64;
}
