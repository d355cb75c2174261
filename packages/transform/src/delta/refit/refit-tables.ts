import { basename } from "node:path";
import { addDigests, EMPTY_DIGEST, subtractDigests, type PlacedPart } from "@firebreak/items";
import { RowReader } from "@firebreak/mysql-format";
import type { MysqlTable, PartEntry } from "@firebreak/archive";
import { totalExtra } from "../../extra/extra-counts.ts";
import { itemsSuffix, lineCountOf, withLines, type Pass } from "../../lines/passes.ts";
import type { TablePlan } from "../../tables/table-plan.ts";
import type { TransformEvent, WidenedColumn } from "../../transform-notes.ts";
import type { LinkEntry } from "../made-chain.ts";
import type { RefitTask } from "./refit-rows.ts";
import { planOfTable } from "../plan-of-table.ts";
import { overLinks } from "../superseded-digests.ts";
import type { SealedSuperseding } from "../superseding-keys.ts";

/** A table whose columns a delta widens. */
export interface RefitTable {
  readonly plan: TablePlan;
  readonly widened: readonly WidenedColumn[];
  readonly links: readonly LinkEntry<MysqlTable>[];
  /** The keys of the delta. */
  readonly keys: readonly PartEntry[];
  readonly directory: string;
  /** The collection that the table was made of. */
  readonly collection: string;
}

/**
 * Adds to a table's delta the rows of earlier links whose values in `_extra` now fit its columns. Reports
 * these rows and the widened columns. The table's digest must already include the delta's own rows.
 */
export async function* refitTable(
  pass: Pass,
  table: MysqlTable,
  { plan, widened, links, keys, directory, collection }: RefitTable,
): AsyncGenerator<TransformEvent, MysqlTable> {
  const { columns, keyColumns, rowEncoding } = table;
  const suffix = itemsSuffix(pass, "rows");
  const again = withLines(pass, lineCountOf(links.flatMap((l) => l.entry.parts)));
  const identified = { columns, keyColumns, rowEncoding };
  const earlier = {
    keys,
    links: links.map((l) => ({ folder: l.folder, ...l.entry })),
    reader: new RowReader(identified, pass.keys.identities),
  };
  const taskOf = (rows: PlacedPart, link: number, superseding: SealedSuperseding): RefitTask => {
    // The name differs from every source part's, because these rows come from no lines of the delta.
    const name = `again-${link}-${basename(rows.part.file).replace(/\..*$/, "")}${suffix}`;
    return {
      rows,
      link,
      table: identified,
      plan,
      widened: widened.map((c) => c.name),
      extraColumns: planOfTable(links[link]!.entry, collection)?.columns,
      superseding,
      folder: pass.folder,
      csvFile: `${directory}/${name}`,
      keysFile: `${directory}/keys-${name}`,
      keys: pass.keys,
    };
  };
  const refitted = yield* overLinks(again, "refit", earlier, taskOf);
  const parts = refitted.flatMap((r) => r.part ?? []);
  const before = refitted.map((r) => r.before).reduce(addDigests, EMPTY_DIGEST);
  const after = parts.map((p) => p.digest).reduce(addDigests, EMPTY_DIGEST);
  yield {
    kind: "note",
    code: "columns-widened",
    fields: { table: table.table, columns: widened, rowCount: after.rowCount },
  };
  const names = columns.map((c) => c.name);
  const extraAfter = refitted.map((r) => r.extraAfter);
  const extraBefore = refitted.map((r) => r.extraBefore);
  const { extra, partsExtra = [] } = table;
  return {
    ...table,
    ...(extra === undefined ? {} : { extra: totalExtra(names, [extra, ...extraAfter], extraBefore) }),
    partsExtra: totalExtra(names, [partsExtra, ...extraAfter]),
    digest: addDigests(subtractDigests(table.digest, before), after),
    largestValueBytes: Math.max(table.largestValueBytes, ...refitted.map((r) => r.largestValueBytes)),
    largestRowBytes: Math.max(table.largestRowBytes, ...refitted.map((r) => r.largestRowBytes)),
    keys: [...(table.keys ?? []), ...refitted.flatMap((r) => r.keys ?? [])],
    parts: [...table.parts, ...parts],
  };
}
