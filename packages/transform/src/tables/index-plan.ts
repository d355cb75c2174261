import { indexColumns, quoteIdentifier, isLob, rowBytesOf, type ColumnPlan } from "@firebreak/mysql-format";
import { notCarried, type NotCarried, type NotCarriedReason, asObject } from "@firebreak/archive";

/** InnoDB's limits (manual, 17.22): bytes of a key, columns of a key, indexes of a table. */
export const MAX_KEY_BYTES = 3072;
const MAX_KEY_COLUMNS = 16;
const MAX_INDEXES = 63;
const PREFIX_CHARACTERS = 191;

/** The columns of a table that may have indexes. */
interface IndexedTable {
  readonly table: string;
  readonly columns: readonly ColumnPlan[];
}

export interface IndexPlan {
  readonly indexes: readonly { readonly name: string; readonly statement: string }[];
  /** The names of those that are unique at the source, where they need not be unique in the table. */
  readonly unique: ReadonlySet<string>;
  /** Indexes that the table does not get, or gets in another form. */
  readonly notCarried: readonly NotCarried[];
}

/** An index as MongoDB lists it, in canonical Extended JSON. */
export interface SourceIndex {
  readonly name: string;
  /** The fields in the order of the index. An object would move numeric names to the front. */
  readonly key: ReadonlyMap<string, unknown>;
  readonly unique?: boolean;
  readonly partialFilterExpression?: unknown;
  readonly expireAfterSeconds?: unknown;
  readonly collation?: unknown;
}

/** Plans the secondary indexes of a table: those of the collection whose fields are columns. */
export function planIndexes(plan: IndexedTable, sources: readonly SourceIndex[]): IndexPlan {
  const indexes: { name: string; statement: string }[] = [];
  const dropped: NotCarried[] = [];
  const unique = new Set<string>();
  const taken = new Set<string>(["primary"]);
  for (const source of sources) {
    if (source.name === "_id_") continue;
    const drop = (reason: NotCarriedReason, detail?: string): void =>
      void dropped.push(notCarried("index", source.name, reason, detail));
    const keys = keyColumns(plan, source);
    if ("reason" in keys) {
      drop(keys.reason, keys.detail);
      continue;
    }
    if (indexes.length === MAX_INDEXES) {
      drop("too-many-indexes", String(MAX_INDEXES + 1));
      continue;
    }
    const parts = prefixed(keys);
    const isUnique =
      source.unique === true &&
      parts.every((p) => p.isWhole) &&
      source.collation === undefined &&
      source.partialFilterExpression === undefined;
    if (source.unique === true && !isUnique) drop("not-unique");
    if (source.expireAfterSeconds !== undefined) drop("no-expiry");
    const name = freeName(source.name, taken);
    if (source.unique === true) unique.add(name);
    indexes.push({
      name,
      statement: `CREATE ${isUnique ? "UNIQUE " : ""}INDEX ${quoteIdentifier(name)} ON ${quoteIdentifier(plan.table)} (${parts.map((p) => p.sql).join(", ")})`,
    });
  }
  return { indexes, unique, notCarried: dropped };
}

/** Returns the fields of each index that a table could have if all its fields are columns. */
export function indexedFields(sources: readonly SourceIndex[]): string[][] {
  return sources
    .filter(({ key }) => key.size <= MAX_KEY_COLUMNS && [...key.values()].every(directionOf))
    .map(({ key }) => [...key.keys()]);
}

interface KeyColumn {
  readonly column: ColumnPlan;
  readonly isDescending: boolean;
}

/** The reason why a table cannot have an index. */
interface Dropped {
  readonly reason: NotCarriedReason;
  readonly detail: string;
}

function keyColumns(plan: IndexedTable, source: SourceIndex): KeyColumn[] | Dropped {
  const names = [...source.key.keys()];
  if (names.length > MAX_KEY_COLUMNS) return { reason: "too-many-fields", detail: String(MAX_KEY_COLUMNS) };
  const columns: KeyColumn[] = [];
  for (const name of names) {
    const direction = directionOf(source.key.get(name));
    if (direction === undefined) return { reason: "index-kind", detail: kindOf(source.key.get(name)) };
    const column = plan.columns.find((c) => c.name === name);
    if (column === undefined || column.rule.kind === "extra")
      return { reason: name.includes(".") ? "inside-document" : "no-column", detail: name };
    if (column.rule.kind === "nested") return { reason: "holds-documents", detail: name };
    columns.push({ column, isDescending: direction < 0 });
  }
  return columns;
}

/** Returns the kind of an index, which replaces the direction: `text`, `2dsphere`, `hashed`. */
function kindOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function directionOf(value: unknown): number | undefined {
  const [text] = Object.values(asObject(value));
  const number = Number(text);
  return Number.isFinite(number) && number !== 0 ? number : undefined;
}

/** Limits long columns to a prefix in the index, so that the key fits. */
function prefixed(keys: readonly KeyColumn[]): { sql: string; isWhole: boolean }[] {
  const total = keys.reduce((sum, k) => sum + rowBytesOf(k.column.rule), 0);
  return keys.map(({ column, isDescending }) => {
    const isLong = total > MAX_KEY_BYTES && rowBytesOf(column.rule) > PREFIX_CHARACTERS * 4;
    const room = Math.min(PREFIX_CHARACTERS, Math.floor(MAX_KEY_BYTES / keys.length / 4));
    const prefix = isLob(column.rule) || isLong ? `(${room})` : "";
    return {
      sql: `${quoteIdentifier(column.name)}${prefix}${isDescending ? " DESC" : ""}`,
      isWhole: prefix === "",
    };
  });
}

/** True if an index of `planIndexes` fits these columns, which may be wider than those it was planned for. */
export function fitsIndex(statement: string, columns: readonly ColumnPlan[]): boolean {
  const bytes = indexColumns(statement).map(({ name, prefix }) => {
    const rule = columns.find((c) => c.name === name)?.rule;
    if (rule === undefined || prefix !== undefined) return 4 * (prefix ?? 0);
    // Only a prefix of a TEXT or BLOB can be indexed.
    return isLob(rule) ? Infinity : rowBytesOf(rule);
  });
  return bytes.reduce((sum, n) => sum + n, 0) <= MAX_KEY_BYTES;
}

/** Returns a name for an index that none of those taken has, and takes it. Case does not tell names apart. */
export function freeName(name: string, taken: Set<string>): string {
  const stem = name.replace(/[^A-Za-z0-9_]/g, "_").slice(0, 56) || "index";
  let free = stem;
  for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${stem}_${n}`;
  taken.add(free.toLowerCase());
  return free;
}
