import { join } from "node:path";
import {
  keyText,
  readCsv,
  readPart,
  RowIdentity,
  TableDigest,
  type MysqlTable,
  type PlainDigest,
} from "@firebreak/archive";
import type { Keys } from "../keys.ts";
import { Superseded, type EachKey, type PlacedPart, type SealedSuperseding } from "./superseding-keys.ts";

/** One part of rows of an earlier link. */
export interface SupersededTask {
  readonly rows: PlacedPart;
  /** The number of that link. */
  readonly link: number;
  readonly table: Pick<MysqlTable, "columns" | "keyColumns" | "rowEncoding">;
  readonly superseding: SealedSuperseding;
  readonly keys: Keys;
}

/** The digest of the rows of a part that a delta supersedes, and no link before it did. */
export async function supersededRows(
  { rows, link, table, superseding, keys }: SupersededTask,
  count: (lines: number, bytes: number) => void,
): Promise<PlainDigest> {
  const identity = new RowIdentity(table);
  const digest = new TableDigest();
  const superseded = new Superseded(superseding, link);
  try {
    for await (const cells of cellsOf(rows, keys))
      if (superseded.has(keyText(table, identity.keyOf(cells)))) digest.add(identity.rowHash(cells));
  } finally {
    superseded.close();
  }
  count(rows.part.lineCount, rows.part.plainBytes);
  return digest.toPlain();
}

/** Reads the keys of parts that a table's deltas have. */
export function eachRowKey(table: SupersededTask["table"], keys: Keys): EachKey {
  return async (placed, take) => {
    for await (const cells of cellsOf(placed, keys)) await take(keyText(table, cells));
  };
}

function cellsOf({ folder, part }: PlacedPart, keys: Keys): AsyncGenerator<(string | null)[]> {
  return readCsv(readPart(join(folder, part.file), part.file, part, keys), part.file);
}
