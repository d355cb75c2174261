import { join } from "node:path";
import { keyText, RowIdentity, TableDigest, type PlainDigest } from "@firebreak/items";
import { readCsv, type ColumnPlan } from "@firebreak/mysql-format";
import { readPart, type ExtraCount, type MysqlTable } from "@firebreak/archive";
import { ExtraTally } from "../extra-tally.ts";
import type { Keys } from "../keys.ts";
import { Superseded, type EachKey, type PlacedPart, type SealedSuperseding } from "./superseding-keys.ts";

/** A task for one part of rows of an earlier link. */
export interface SupersededTask {
  readonly rows: PlacedPart;
  /** The number of that link. */
  readonly link: number;
  readonly table: Pick<MysqlTable, "columns" | "keyColumns" | "rowEncoding">;
  readonly superseding: SealedSuperseding;
  /** The columns by which the rows were made, if they have an `_extra`, which comes last. */
  readonly extraColumns: readonly ColumnPlan[] | undefined;
  readonly keys: Keys;
}

/** The rows that are no longer in a table. */
export interface SupersededRows {
  readonly digest: PlainDigest;
  /** The counts of their values in `_extra`. */
  readonly extra: readonly ExtraCount[];
}

/** Returns a part's rows that the delta supersedes, and that no link before it superseded. */
export async function supersededRows(
  { rows, link, table, superseding, extraColumns, keys }: SupersededTask,
  count: (lines: number, bytes: number) => void,
): Promise<SupersededRows> {
  const identity = new RowIdentity(table);
  const digest = new TableDigest();
  const extras = extraColumns === undefined ? undefined : new ExtraTally(extraColumns);
  const superseded = new Superseded(superseding, link);
  try {
    for await (const cells of cellsOf(rows, keys)) {
      if (!superseded.has(keyText(table, identity.keyOf(cells)))) continue;
      digest.add(identity.rowHash(cells));
      const extra = cells.at(-1);
      if (typeof extra === "string") extras?.keepCell(extra);
    }
  } finally {
    superseded.close();
  }
  count(rows.part.lineCount, rows.part.plainBytes);
  return { digest: digest.toPlain(), extra: extras?.counts() ?? [] };
}

/** Reads the keys in the key parts of a table's deltas. */
export function eachRowKey(table: SupersededTask["table"], keys: Keys): EachKey {
  return async (placed, take) => {
    for await (const cells of cellsOf(placed, keys)) await take(keyText(table, cells));
  };
}

function cellsOf({ folder, part }: PlacedPart, keys: Keys): AsyncGenerator<(string | null)[]> {
  return readCsv(readPart(join(folder, part.file), part.file, part, keys), part.file);
}
