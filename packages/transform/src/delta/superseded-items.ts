import {
  documentReader,
  TableDigest,
  type Item,
  type ItemReader,
  type PlacedPart,
  type PlainDigest,
} from "@firebreak/items";
import { RowReader, type ColumnPlan } from "@firebreak/mysql-format";
import type { ExtraCount, MysqlTable } from "@firebreak/archive";
import { ExtraTally } from "../extra/extra-tally.ts";
import type { Keys } from "../keys.ts";
import { Superseded, type SealedSuperseding } from "./superseding-keys.ts";

/** A task for one part of an earlier link. */
export interface SupersededDocumentsTask {
  readonly items: PlacedPart;
  /** The number of that link. */
  readonly link: number;
  readonly superseding: SealedSuperseding;
  readonly keys: Keys;
}

/** A task for one part of rows. */
export interface SupersededRowsTask extends SupersededDocumentsTask {
  readonly table: Pick<MysqlTable, "columns" | "keyColumns" | "rowEncoding">;
  /** The columns by which the rows were made, if they have an `_extra`, which comes last. */
  readonly extraColumns: readonly ColumnPlan[] | undefined;
}

/** The rows that are no longer in a table. */
export interface SupersededRows {
  readonly digest: PlainDigest;
  /** The counts of their values in `_extra`. */
  readonly extra: readonly ExtraCount[];
}

type Count = (lines: number, bytes: number) => void;

/** Returns a part's rows that the delta supersedes, and that no link before it superseded. */
export async function supersededRows(task: SupersededRowsTask, count: Count): Promise<SupersededRows> {
  const { table, extraColumns, keys } = task;
  const extras = extraColumns === undefined ? undefined : new ExtraTally(extraColumns);
  const digest = await supersededDigest(new RowReader(table, keys.identities), task, count, ({ cells }) => {
    const extra = cells.at(-1);
    if (typeof extra === "string") extras?.keepCell(extra);
  });
  return { digest, extra: extras?.counts() ?? [] };
}

/** Returns the digest of a part's documents that the delta supersedes, as `supersededRows` does for rows. */
export function supersededDocuments(task: SupersededDocumentsTask, count: Count): Promise<PlainDigest> {
  return supersededDigest(documentReader(task.keys), task, count);
}

async function supersededDigest<I extends Item>(
  reader: ItemReader<I>,
  { items, link, superseding }: SupersededDocumentsTask,
  count: Count,
  take: (item: I) => void = () => undefined,
): Promise<PlainDigest> {
  const digest = new TableDigest();
  const superseded = new Superseded(superseding, link);
  try {
    for await (const block of reader.items(items))
      for (const item of block) {
        if (!superseded.has(item.key)) continue;
        digest.add(item.hash());
        take(item);
      }
  } finally {
    await superseded.close();
  }
  count(items.part.lineCount, items.part.plainBytes);
  return digest.toPlain();
}
