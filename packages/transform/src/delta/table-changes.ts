import {
  logicalTable,
  type MysqlManifest,
  type MysqlTable,
  type SourceNamespace,
  type ExtraCount,
} from "@firebreak/archive";
import { addDigests, EMPTY_DIGEST, subtractDigests } from "@firebreak/items";
import { RowReader } from "@firebreak/mysql-format";
import type { Pass } from "../lines/passes.ts";
import { rowsOf, withFindings } from "../tables/mysql-folder.ts";
import type { PlannedTarget } from "../output.ts";
import { nameTables, type NamedTable } from "../tables/table-names.ts";
import { planTables, tableDirectories, TABLES } from "../tables/table-output.ts";
import type { TransformEvent } from "../transform-notes.ts";
import { planOfTable } from "./plan-of-table.ts";
import { planOf, type PlannedTable } from "./planned-table.ts";
import { refitTable } from "./refit/refit-tables.ts";
import { supersededDigests } from "./superseded-digests.ts";
import type { Changes, DeltaOutput } from "./write-delta.ts";
import { totalExtra } from "../extra/extra-counts.ts";
import type { SupersededRows } from "./superseded-items.ts";

/** Changes of tables. New rows go into the tables' columns as the chain has them, or wider ones. */
export const TABLE_CHANGES: DeltaOutput<MysqlTable, MysqlManifest> = {
  ...TABLES,
  changeReadings: 3,
  entriesOf: ({ tables }) => tables,
  async planDelta(task, namespaces, known) {
    const names = namesOf(namespaces, known);
    const directories = tableDirectories(names, task);
    return { planned: await planTables(task, namespaces, { names, directories }), directories: [] };
  },
  async *planChange(task, pass, target, earlier) {
    const planned = yield* planOf(task, pass, target.ns, unchangedTable(earlier));
    const { plan, decisions, notCarried } = planned;
    return {
      mapping: { to: "rows", by: "plan", plan },
      ...(decisions === undefined ? {} : { decisions }),
      notCarried,
      entry: (ofPass, changes) => changedTable(ofPass, target, planned, changes),
    };
  },
  carry: (_, __, table) => Promise.resolve(unchangedTable(table)),
  dropped: (table) => ({ ...table, change: "dropped", digest: EMPTY_DIGEST, extra: [] }),
  inOrder(tables, known) {
    const byNamespace = new Map(known.map(({ namespace }, i) => [namespace, i]));
    const placeOf = ({ namespace }: MysqlTable): number => byNamespace.get(namespace) ?? known.length;
    return [...tables].sort((a, b) => placeOf(a) - placeOf(b));
  },
};

/** Returns the entry of a table that the delta does not change. */
export function unchangedTable(before: MysqlTable): MysqlTable {
  const { change: _, keys: __, alter: ___, goneCount: ____, partsExtra: _____, ...table } = before;
  return { ...table, parts: [] };
}

/** Names the tables. Existing tables keep their names, and new names do not collide with them. */
function namesOf(namespaces: readonly SourceNamespace[], known: readonly MysqlTable[]): NamedTable[] {
  const taken = new Map(known.map((t) => [t.namespace, t]));
  const others = known.filter((t) => !namespaces.some((n) => n.namespace === t.namespace));
  const all = nameTables([
    ...namespaces,
    ...others.map((t) => ({ namespace: t.namespace, database: t.database, collection: t.table })),
  ]);
  return namespaces.map((ns, i) => taken.get(ns.namespace) ?? all[i]!);
}

async function* changedTable(
  pass: Pass,
  { ns, directory }: PlannedTarget<MysqlTable>,
  { plan, table, widened = [] }: PlannedTable,
  { links, written, keys }: Changes<MysqlTable>,
): AsyncGenerator<TransformEvent, MysqlTable> {
  const { columns, rowEncoding } = table;
  const identified = { columns, keyColumns: logicalTable(table).keyColumns, rowEncoding };
  const superseded = yield* supersededDigests(
    pass,
    "superseded",
    {
      keys,
      links: links.map((l) => ({ folder: l.folder, ...l.entry })),
      reader: new RowReader(identified, pass.keys.identities),
    },
    (items, link, superseding) => ({
      items,
      link,
      table: identified,
      superseding,
      extraColumns: planOfTable(links[link]!.entry, ns.collection)?.columns,
      keys: pass.keys,
    }),
  );
  const rows = rowsOf(written, columns);
  const changed: MysqlTable = {
    ...table,
    ...(table.own === undefined ? {} : { own: withFindings(table.own, written) }),
    change: "changed",
    digest: addDigests(superseded.map((s) => s.digest).reduce(subtractDigests, table.digest), rows.digest),
    ...changedExtra(table, rows.extra, superseded),
    largestValueBytes: Math.max(table.largestValueBytes, rows.largestValueBytes),
    largestRowBytes: Math.max(table.largestRowBytes, rows.largestRowBytes),
    parts: rows.parts,
    keys,
  };
  if (plan.kind === "original" || widened.length === 0) return changed;
  const { collection } = ns;
  return yield* refitTable(pass, changed, { plan, widened, links, keys, directory, collection });
}

/**
 * Returns the manifest's counts of `_extra` for a table that a delta changes: those of the new rows, and
 * those of the whole table if its earlier rows were counted.
 */
export function changedExtra(
  { columns, extra }: Pick<MysqlTable, "columns" | "extra">,
  partsExtra: ExtraCount[],
  superseded: readonly Pick<SupersededRows, "extra">[],
): Pick<MysqlTable, "extra" | "partsExtra"> {
  if (extra === undefined) return { partsExtra };
  const names = columns.map(({ name }) => name);
  const gone = superseded.map((rows) => rows.extra);
  return { partsExtra, extra: totalExtra(names, [extra, partsExtra], gone) };
}
