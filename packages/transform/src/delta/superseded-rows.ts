import { join } from "node:path";
import {
  KeySet,
  keyText,
  readCsv,
  readPart,
  RowIdentity,
  TableDigest,
  type MysqlTable,
  type PartEntry,
  type PlainDigest,
} from "@firebreak/archive";
import type { Keys } from "../keys.ts";

/** A part and the folder that its name is relative to. */
export interface PlacedPart {
  readonly folder: string;
  readonly part: PartEntry;
}

/** One part of rows of an earlier link. */
export interface SupersededTask {
  readonly rows: PlacedPart;
  readonly table: Pick<MysqlTable, "columns" | "keyColumns" | "rowEncoding">;
  /** Keys of the delta. */
  readonly touched: readonly PlacedPart[];
  /** Keys of the links between: their rows were superseded before. */
  readonly between: readonly PlacedPart[];
  readonly keys: Keys;
}

/** The digest of the rows of a part that a delta supersedes, and no link before it did. */
export async function supersededRows(
  { rows, table, touched, between, keys }: SupersededTask,
  count: (lines: number, bytes: number) => void,
): Promise<PlainDigest> {
  const [now, before] = [await keySet(touched, table, keys), await keySet(between, table, keys)];
  const identity = new RowIdentity(table);
  const digest = new TableDigest();
  for await (const cells of cellsOf(rows, keys)) {
    const key = keyText(table, identity.keyOf(cells));
    if (now.has(key) && !before.has(key)) digest.add(identity.rowHash(cells));
  }
  count(rows.part.lineCount, rows.part.plainBytes);
  return digest.toPlain();
}

let last: { name: string; set: Promise<KeySet> }[] = [];

/** Kept from part to part: tasks of one table come one after another. */
async function keySet(
  parts: readonly PlacedPart[],
  table: SupersededTask["table"],
  keys: Keys,
): Promise<KeySet> {
  const name = JSON.stringify([
    parts.map((p) => [p.folder, p.part.file, p.part.plainSha256]),
    table.keyColumns,
  ]);
  const known = last.find((l) => l.name === name);
  if (known !== undefined) return known.set;
  const set = readKeySet(parts, table, keys);
  last = [...last.slice(-1), { name, set }];
  return set;
}

async function readKeySet(
  parts: readonly PlacedPart[],
  table: SupersededTask["table"],
  keys: Keys,
): Promise<KeySet> {
  const set = new KeySet();
  for (const part of parts) for await (const cells of cellsOf(part, keys)) set.add(keyText(table, cells));
  return set;
}

function cellsOf({ folder, part }: PlacedPart, keys: Keys): AsyncGenerator<(string | null)[]> {
  return readCsv(readPart(join(folder, part.file), part.file, part, keys), part.file);
}
