import type { MysqlTable } from "@firebreak/archive";
import type { DifferencesFile } from "./differences-file.ts";
import { DifferencesTally, type DifferencesEvent } from "./differences-tally.ts";
import { expectedRows, type RowsPlace } from "../rows/expected-rows.ts";
import type { RepairWriter } from "../repair/repair-writer.ts";
import { reportedDifference } from "./reported-difference.ts";
import type { RowDifference } from "../rows/row-difference.ts";
import { RowSources } from "../rows/row-sources.ts";
import type { Manifests } from "../rows/expected-row.ts";
import type { ChecksumStep } from "../checksum-notes.ts";

/** A table of the archive, and the place of its rows. */
interface TableOfArchive {
  readonly place: RowsPlace;
  readonly manifests: Manifests;
  readonly table: MysqlTable;
}

/**
 * Collects the differences of one table: writes each to the file and reports the first ones.
 *
 * @param repair gets the rows that correct the differences.
 */
export async function* reportDifferences(
  differences: AsyncIterable<RowDifference>,
  { place, manifests, table }: TableOfArchive,
  file: DifferencesFile,
  repair?: RepairWriter,
): AsyncGenerator<ChecksumStep | DifferencesEvent> {
  const keyColumns = table.keyColumns.map((name) => ({
    name,
    type: table.columns.find((c) => c.name === name)!.sqlType,
  }));
  const tally = new DifferencesTally(table.table, keyColumns, file);
  const sources = new RowSources(place, manifests, table);
  for await (const difference of differences) {
    const source = difference.kind === "extra" ? undefined : await sources.of(difference.origin);
    yield* tally.add(reportedDifference(table, difference, source));
    await repair?.add(place.chain?.inLedger ?? table, difference);
  }
  await repair?.endTable(expectedRows(place, table));
  yield* tally.end();
}
