import type { ExtraCount, MysqlTable } from "@firebreak/archive";
import { totalExtra } from "../extra-counts.ts";
import type { SupersededRows } from "./superseded-rows.ts";

/**
 * Returns what the manifest says of `_extra` in a table that a delta changes: of
 * the rows that come, and of the whole table where its rows before were counted.
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
