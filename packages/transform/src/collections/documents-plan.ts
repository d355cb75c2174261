import { notCarried, type SourceNamespace, type SourceTable } from "@firebreak/archive";
import { collectionIndexes, type CollectionIndexes } from "../tables/collection-indexes.ts";
import { nameCollections, type NamedCollection } from "./mongodb-names.ts";
import { ID, documentKey, fieldName, type DocumentKey } from "./document-key.ts";
import { metadataOptions } from "./table-metadata.ts";
import { collectionOfComment, kindOfComment, type CommentKind, EXTRA_COLUMN } from "@firebreak/mysql-format";

/** The rule by which a table's rows become documents. */
export type DocumentRule =
  | ({ readonly kind: "original" } & DocumentKey)
  | ({ readonly kind: "generic" } & GenericTable);

/** The plan for one table and its collection. */
export interface CollectionPlan extends NamedCollection, CollectionIndexes {
  readonly namespace: string;
  readonly rule: DocumentRule;
  /** The collection's options in canonical Extended JSON. */
  readonly optionsText: string;
}

/** A table of an archive and the contents of its `collection.json`. */
export interface DescribedTable {
  readonly ns: Pick<SourceNamespace, "namespace" | "database" | "collection">;
  readonly table: SourceTable;
  /** In a delta: the collection that the chain already has for the table. */
  readonly existing?: NamedCollection | undefined;
}

/**
 * Decides which collections the tables become. Pure: the same tables give the same collections.
 *
 * @param others in a delta: the other collections of the chain.
 */
export function planCollections(
  tables: readonly DescribedTable[],
  others: readonly NamedCollection[] = [],
): CollectionPlan[] {
  const rules = tables.map(({ table }): DocumentRule => {
    const generic = genericTable(table);
    return generic === undefined
      ? { kind: "original", ...documentKey(table) }
      : { kind: "generic", ...generic };
  });
  const names = nameCollections([
    ...tables.map(({ ns, existing }, i) => {
      const rule = rules[i]!;
      const wanted = rule.kind === "generic" ? rule.collection : undefined;
      return { database: ns.database, table: ns.collection, wanted, existing };
    }),
    ...others.map((o) => ({ database: o.database, table: o.collection, wanted: undefined, existing: o })),
  ]);
  return tables.map(({ ns, table }, i) => {
    const rule = rules[i]!;
    const ofIndexes = collectionIndexes({
      table,
      pathOf: (column) => pathOf(rule, column),
      isOfCollection: rule.kind === "generic",
    });
    return {
      namespace: ns.namespace,
      ...names[i]!,
      rule,
      optionsText: optionsOf(rule, ns, table, names[i]!),
      indexTexts: ofIndexes.indexTexts,
      notCarried: [
        ...ofIndexes.notCarried,
        ...table.triggers.map(({ name }) => notCarried("trigger", name, "no-counterpart")),
      ],
    };
  });
}

function optionsOf(
  rule: DocumentRule,
  { database, collection: name }: DescribedTable["ns"],
  table: SourceTable,
  target: NamedCollection,
): string {
  if (rule.kind === "generic") return "{}";
  const { key, renamed } = rule;
  return metadataOptions({ firebreak: 1, database, name, target, key, renamed, table });
}

function pathOf(rule: DocumentRule, column: string): string | undefined {
  const isKey = rule.kind === "original" && rule.key.includes(column);
  const name = rule.kind === "original" ? fieldName(rule.renamed, column) : column;
  if (isKey && rule.key.length === 1) return ID;
  // A dot would lead into a sub-document, and a dollar marks an operator.
  if (name === "" || name.includes(".") || name.startsWith("$")) return undefined;
  return isKey ? `${ID}.${name}` : name;
}

/** A table that was made of a collection, with its columns' kinds: undefined for columns added later. */
export interface GenericTable {
  readonly collection: string;
  readonly kinds: ReadonlyMap<string, CommentKind | undefined>;
}

/** Reads a table's comments. Undefined if it was not made of a collection, or has no `_id` any more. */
export function genericTable({ comment, columns, keyColumns }: SourceTable): GenericTable | undefined {
  const collection = collectionOfComment(comment);
  if (collection === undefined || keyColumns.length !== 1 || keyColumns[0] !== ID) return undefined;
  const kinds = new Map(
    columns.filter((c) => !c.isGenerated).map((c) => [c.name, kindOf(c.name, c.comment)]),
  );
  return kinds.get(ID) === undefined ? undefined : { collection, kinds };
}

/** Returns a column's kind. Only `_extra` may have the kind `extra`. */
function kindOf(name: string, comment: string): CommentKind | undefined {
  const kind = kindOfComment(comment);
  return (kind === "extra") === (name === EXTRA_COLUMN) ? kind : undefined;
}
