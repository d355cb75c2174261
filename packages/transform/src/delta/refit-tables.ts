import { basename } from "node:path";
import { addDigests, EMPTY_DIGEST, subtractDigests } from "@firebreak/items";
import type { MysqlTable, PartEntry } from "@firebreak/archive";
import { totalExtra } from "../extra-counts.ts";
import type { PartTask } from "../part-worker.ts";
import { ageSuffix, type Pass } from "../passes.ts";
import type { TablePlan } from "../table-plan.ts";
import type { TransformEvent } from "../transform-notes.ts";
import type { LinkTable } from "./earlier-tables.ts";
import type { WidenedColumn } from "./plan-of-changes.ts";
import type { RefitRows } from "./refit-rows.ts";
import { planOfTable } from "./plan-of-table.ts";
import { overLinks } from "./superseded-digests.ts";
import { eachRowKey } from "./superseded-rows.ts";
import type { PlacedPart, SealedSuperseding } from "./superseding-keys.ts";

/** A table whose columns a delta widens. */
export interface RefitTable {
  readonly plan: TablePlan;
  readonly widened: readonly WidenedColumn[];
  readonly links: readonly LinkTable[];
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
  const suffix = ageSuffix(pass);
  const lineCount = links.flatMap((l) => l.table.parts).reduce((sum, p) => sum + p.lineCount, 0);
  const totalLines = pass.counters.items + lineCount;
  const identified = { columns, keyColumns, rowEncoding };
  const earlier = {
    keys,
    links: links.map((l) => ({ folder: l.folder, ...l.table })),
    eachKey: eachRowKey(identified, pass.keys),
  };
  const taskOf = (rows: PlacedPart, link: number, superseding: SealedSuperseding): PartTask => {
    // The name differs from every source part's, because these rows come from no lines of the delta.
    const name = `again-${link}-${basename(rows.part.file).replace(/\..*$/, "")}.csv.zst${suffix}`;
    return {
      stage: "refit",
      rows,
      link,
      table: identified,
      plan,
      widened: widened.map((c) => c.name),
      extraColumns: planOfTable(links[link]!.table, collection)?.columns,
      superseding,
      folder: pass.folder,
      csvFile: `${directory}/${name}`,
      keysFile: `${directory}/keys-${name}`,
      keys: pass.keys,
    };
  };
  const again = (yield* overLinks({ ...pass, totalLines }, "refit", earlier, taskOf)) as RefitRows[];
  const parts = again.flatMap((r) => r.part ?? []);
  const before = again.map((r) => r.before).reduce(addDigests, EMPTY_DIGEST);
  const after = parts.map((p) => p.digest).reduce(addDigests, EMPTY_DIGEST);
  yield {
    kind: "note",
    code: "columns-widened",
    fields: { table: table.table, columns: widened, rowCount: after.rowCount },
  };
  const names = columns.map((c) => c.name);
  const extraAfter = again.map((r) => r.extraAfter);
  const extraBefore = again.map((r) => r.extraBefore);
  const { extra, partsExtra = [] } = table;
  return {
    ...table,
    ...(extra === undefined ? {} : { extra: totalExtra(names, [extra, ...extraAfter], extraBefore) }),
    partsExtra: totalExtra(names, [partsExtra, ...extraAfter]),
    digest: addDigests(subtractDigests(table.digest, before), after),
    largestValueBytes: Math.max(table.largestValueBytes, ...again.map((r) => r.largestValueBytes)),
    largestRowBytes: Math.max(table.largestRowBytes, ...again.map((r) => r.largestRowBytes)),
    keys: [...(table.keys ?? []), ...again.flatMap((r) => r.keys ?? [])],
    parts: [...table.parts, ...parts],
  };
}
