import { RowHasher, TableDigest, type PlacedPart, type PlainDigest } from "@firebreak/items";
import {
  LazyPart,
  type ExtraCount,
  type MysqlTable,
  type PartEntry,
  type TablePart,
} from "@firebreak/archive";
import { formOf, putCsvRow, RowReader, type ColumnPlan } from "@firebreak/mysql-format";
import { ExtraTally } from "../../extra/extra-tally.ts";
import type { Keys } from "../../keys.ts";
import type { TablePlan } from "../../tables/table-plan.ts";
import { RowRefit } from "./refit-row.ts";
import { Superseded, type SealedSuperseding } from "../superseding-keys.ts";

/** A task for one part of rows of an earlier link, in a table whose columns a delta widens. */
export interface RefitTask {
  readonly rows: PlacedPart;
  /** The number of that link. */
  readonly link: number;
  readonly table: Pick<MysqlTable, "columns" | "keyColumns" | "rowEncoding">;
  /** The plan of the table after the delta. */
  readonly plan: TablePlan;
  readonly widened: readonly string[];
  /** The columns by which the rows were made. */
  readonly extraColumns: readonly ColumnPlan[] | undefined;
  readonly superseding: SealedSuperseding;
  readonly folder: string;
  readonly csvFile: string;
  readonly keysFile: string;
  readonly keys: Keys;
}

/** The rows that are rewritten because some of their values now fit. */
export interface RefitRows {
  readonly part: TablePart | undefined;
  /** The keys of the rows. */
  readonly keys: PartEntry | undefined;
  /** The digest of the rows before. */
  readonly before: PlainDigest;
  /** The counts of `_extra` before, and after. */
  readonly extraBefore: readonly ExtraCount[];
  readonly extraAfter: readonly ExtraCount[];
  readonly largestValueBytes: number;
  readonly largestRowBytes: number;
}

/** Rewrites the rows of a part whose values in `_extra` fit widened columns. */
export async function refitRows(
  task: RefitTask,
  count: (lines: number, bytes: number) => void,
): Promise<RefitRows> {
  const { table, plan, keys, folder } = task;
  const superseded = new Superseded(task.superseding, task.link);
  const reader = new RowReader(table, keys.identities);
  const refit = new RowRefit(plan, new Set(task.widened));
  const hasher = new RowHasher(
    plan.columns.map((c) => formOf(c.rule)),
    plan.rowEncoding,
  );
  const extraBefore = task.extraColumns === undefined ? undefined : new ExtraTally(task.extraColumns);
  const extraAfter = new ExtraTally(plan.columns);
  const [before, digest] = [new TableDigest(), new TableDigest()];
  const { recipients } = keys;
  const rowFile = new LazyPart({ folder, file: task.csvFile, recipients });
  const keyFile = new LazyPart({ folder, file: task.keysFile, recipients });
  let largestRowBytes = 0;
  try {
    for await (const rows of reader.items(task.rows))
      for (const row of rows) {
        const fitted = refit.refit(row.cells);
        if (fitted === undefined || !superseded.isLeft(row.key)) continue;
        before.add(row.hash());
        extraBefore?.keepCell(row.cells.at(-1)!);
        const extra = fitted.at(-1);
        if (typeof extra === "string") extraAfter.keepCell(extra);
        digest.addText(hasher.hashText(fitted));
        largestRowBytes = Math.max(largestRowBytes, hasher.rowBytes);
        await add(rowFile, fitted);
        await add(keyFile, reader.identity.keyOf(row.cells));
      }
    const part = await rowFile.seal();
    count(task.rows.part.lineCount, task.rows.part.plainBytes);
    return {
      part: part === undefined ? undefined : { ...part, digest: digest.toPlain() },
      keys: await keyFile.seal(),
      before: before.toPlain(),
      extraBefore: extraBefore?.counts() ?? [],
      extraAfter: extraAfter.counts(),
      largestValueBytes: hasher.largestValueBytes,
      largestRowBytes,
    };
  } catch (error) {
    await rowFile.abandon();
    await keyFile.abandon();
    throw error;
  } finally {
    await superseded.close();
  }
}

async function add(part: LazyPart, cells: readonly (string | null)[]): Promise<void> {
  putCsvRow(part.lines, cells);
  part.lineCount++;
  if (part.isFull) await part.flush();
}
