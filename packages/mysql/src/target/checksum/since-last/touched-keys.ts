import type { MysqlTable } from "@firebreak/archive";
import { identifyingColumns, LineSorter, RowIdentity } from "@firebreak/items";
import { csvCells, csvRow, keySql } from "@firebreak/mysql-format";
import type { MysqlSession } from "../../../driver/connect.ts";
import { tableName } from "../../../driver/server-facts.ts";
import { streamRows } from "../../../driver/stream-rows.ts";
import { keyHashSql, rowHashSql } from "../../../stored/digest-sql.ts";
import { isLeading, type TableFacts } from "../../../driver/table-facts.ts";
import { storedAs } from "../../../stored/stored-table.ts";
import { lookupRows } from "../changed-rows.ts";
import type { ChainTable } from "../chain-table.ts";

type Cells = readonly (string | null)[];

/** The most bytes of keys in one statement, which must fit in a packet. */
const MAX_KEY_BYTES = 256 * 1024;
/** The marks of lines in the sorter: the key that a link names, and the hash of a row that holds. */
const [NAMED, ROW] = [0, 1];

/** The place of a table in the target, as it was found there. */
interface FoundPlace {
  readonly database: string;
  readonly facts: Pick<TableFacts, "columns" | "indexes">;
}

/** A key that a delta touched, and the hashes of the rows that the target should have of it. */
interface TouchedKey {
  readonly key: Cells;
  readonly keyHash: string;
  readonly rowHashes: readonly string[];
}

/**
 * Compares the rows of all keys that some links name: each must be present, absent or equal as the links have
 * it. The server looks the keys up and hashes their rows. Memory holds some 16 MiB, however many keys there
 * are; the rest is on the disk.
 *
 * @param links the table in the links to prove.
 * @param scratch a folder for this call alone: made when needed, removed at the end.
 * @returns the number of keys; undefined if the rows of a key differ.
 * @throws {FirebreakError} a fault of mysql or archive.
 */
export async function countEqualKeys(
  session: MysqlSession,
  table: MysqlTable,
  { database, facts }: FoundPlace,
  links: Pick<ChainTable, "rows" | "namedKeys">,
  scratch: string,
): Promise<number | undefined> {
  const stored = storedAs(table, facts);
  const [first] = identifyingColumns(table);
  const batchSize = lookupRows(isLeading(facts, first!.name));
  const sorter = new LineSorter(scratch);
  let count = 0;
  try {
    await sortKeys(table, links, sorter);
    let batch: TouchedKey[] = [];
    let bytes = 0;
    for await (const touched of touchedKeys(sorter)) {
      batch.push(touched);
      bytes += touched.key.reduce((sum, cell) => sum + (cell?.length ?? 0), 0);
      if (batch.length < batchSize && bytes < MAX_KEY_BYTES) continue;
      if (!(await isEqual(session, database, stored, batch))) return undefined;
      count += batch.length;
      [batch, bytes] = [[], 0];
    }
    return (await isEqual(session, database, stored, batch)) ? count + batch.length : undefined;
  } finally {
    await sorter.close();
  }
}

async function sortKeys(
  table: MysqlTable,
  links: Pick<ChainTable, "rows" | "namedKeys">,
  sorter: LineSorter,
): Promise<void> {
  const identity = new RowIdentity(table);
  // A key alone is hashed as the row of a table that has no other columns.
  const columns = [...identifyingColumns(table)];
  const ofKey = new RowIdentity({ ...table, columns, keyColumns: columns.map((c) => c.name) });
  const named = (key: Cells): Promise<void> => {
    const hash = table.keyColumns.length === 0 ? identity.rowHash(key) : ofKey.keyHash(key);
    return sorter.add({ key: hash, mark: NAMED, line: Buffer.from(csvRow(key), "latin1") });
  };
  for await (const keys of links.namedKeys()) for (const key of keys) await named(key);
  for await (const { cells } of links.rows()) {
    await named(identity.keyOf(cells));
    await sorter.add({ key: identity.keyHash(cells), mark: ROW, line: identity.rowHash(cells) });
  }
}

async function* touchedKeys(sorter: LineSorter): AsyncGenerator<TouchedKey> {
  let open: { keyHash: string; key: Cells; rowHashes: string[] } | undefined;
  for await (const { key, mark, line } of await sorter.sorted()) {
    const keyHash = key.toString("hex");
    if (open?.keyHash !== keyHash) {
      if (open !== undefined) yield open;
      open = { keyHash, key: csvCells(line)!, rowHashes: [] };
    }
    if (mark === ROW) open.rowHashes.push(line.toString("hex"));
  }
  if (open !== undefined) yield open;
}

async function isEqual(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
  keys: readonly TouchedKey[],
): Promise<boolean> {
  if (keys.length === 0) return true;
  const expected = new Map(keys.map(({ keyHash, rowHashes }) => [keyHash, rowHashes.toSorted()]));
  const where = keySql(
    identifyingColumns(table),
    keys.map(({ key }) => key),
  );
  const sql = `SELECT ${keyHashSql(table)}, ${rowHashSql(table)} FROM ${tableName(database, table.table)} WHERE ${where}`;
  const found = new Map<string, string[]>();
  for await (const [keyHash, rowHash] of streamRows(session, sql)) {
    // A collation may match other keys, too.
    if (!expected.has(String(keyHash))) continue;
    const rows = found.get(String(keyHash)) ?? [];
    found.set(String(keyHash), rows);
    rows.push(String(rowHash));
  }
  return [...expected].every(([keyHash, rowHashes]) => {
    const rows = (found.get(keyHash) ?? []).toSorted();
    return rows.length === rowHashes.length && rows.every((hash, i) => hash === rowHashes[i]);
  });
}
