import type { ExtraCount, MysqlTable } from "@firebreak/archive";
import { totalExtra } from "../extra/extra-counts.ts";
import type { SupersededRows } from "./superseded-items.ts";

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
