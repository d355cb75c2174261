import { canonicalBytes, cellOf, identifyingColumns } from "@firebreak/items";
import { sha256Of, type MysqlTable } from "@firebreak/archive";
import { isIndexed } from "../../stored/table-ranges.ts";
import { keyHashSql, rowHashSql } from "../../stored/digest-sql.ts";
import { streamRows } from "../../driver/stream-rows.ts";
import { tableName } from "../../driver/server-facts.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import { type StoredColumn, keySql } from "@firebreak/mysql-format";
import type { Cells, RowOrigin } from "./expected-rows.ts";
import { foundValues, foundValueSql, isSameValue, SHORT_BYTES, type FoundValue } from "./found-value.ts";
import { differingPieces } from "./differing-pieces.ts";
import type { RowDifference, ChangedColumn } from "./row-difference.ts";
import { keptSql } from "./kept-hash.ts";

/** The number of rows in one lookup: if an index finds them, and if each lookup is a scan. */
const INDEXED_ROWS = 100;
const SCANNED_ROWS = 5000;

/** The most bytes of cells in memory, and of keys in one statement, which must fit in a packet. */
const MAX_CELL_BYTES = 16 << 20;
const MAX_KEY_BYTES = 256 * 1024;

/** A row of the archive that differs in the target, with the hash of its key. */
interface ChangedRow {
  readonly key: Cells;
  readonly keyHash: string;
  readonly rowHash: string;
  readonly cells: Cells;
  readonly origin: RowOrigin;
}

/** Returns the best number of rows for one lookup by key. */
export async function rowsOfLookup(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
): Promise<number> {
  const [first] = identifyingColumns(table);
  return lookupRows(await isIndexed(session, database, table.table, first!.name));
}

/** Returns the best number of rows for one lookup by a key, whether or not an index begins with it. */
export function lookupRows(hasIndex: boolean): number {
  return hasIndex ? INDEXED_ROWS : SCANNED_ROWS;
}

/** Collects changed rows, and looks up their form in the target, many at once. */
export class ChangedRows {
  readonly #session: MysqlSession;
  readonly #from: string;
  readonly #table: MysqlTable;
  readonly #keys: readonly StoredColumn[];
  readonly #batchSize: number;
  #rows: ChangedRow[] = [];
  #cellBytes = 0;
  #keyBytes = 0;

  private constructor(session: MysqlSession, database: string, table: MysqlTable, batchSize: number) {
    this.#session = session;
    this.#from = tableName(database, table.table);
    this.#table = table;
    this.#keys = identifyingColumns(table);
    this.#batchSize = batchSize;
  }

  /** Opens an empty collection, with the best number of rows for one lookup. */
  static async open(session: MysqlSession, database: string, table: MysqlTable): Promise<ChangedRows> {
    return new ChangedRows(session, database, table, await rowsOfLookup(session, database, table));
  }

  get isFull(): boolean {
    return (
      this.#rows.length >= this.#batchSize ||
      this.#cellBytes >= MAX_CELL_BYTES ||
      this.#keyBytes >= MAX_KEY_BYTES
    );
  }

  add(row: ChangedRow): void {
    this.#rows.push(row);
    for (const cell of row.cells) this.#cellBytes += cell?.length ?? 0;
    for (const cell of [...row.key, row.rowHash]) this.#keyBytes += cell?.length ?? 0;
  }

  /**
   * Yields the differences of all collected rows, and forgets these. A row that is gone meanwhile is missing.
   */
  async *take(): AsyncGenerator<RowDifference> {
    const rows = this.#rows;
    this.#rows = [];
    this.#cellBytes = 0;
    this.#keyBytes = 0;
    if (rows.length === 0) return;
    const found = await this.#lookUp(rows);
    for (const { keyHash, key, cells, origin } of rows) {
      const there = found.get(keyHash)?.shift();
      yield there === undefined
        ? { kind: "missing", key, cells, origin }
        : { kind: "changed", key, cells, columns: await this.#compare(key, cells, there), origin };
    }
  }

  /** Looks up as many rows of each key as wanted, without those that equal the archive's. */
  async #lookUp(rows: readonly ChangedRow[]): Promise<Map<string, FoundRow[]>> {
    const wanted = new Map<string, number>();
    for (const { keyHash } of rows) wanted.set(keyHash, (wanted.get(keyHash) ?? 0) + 1);
    const rowHash = keptSql(rowHashSql(this.#table));
    const select = [keptSql(keyHashSql(this.#table)), rowHash, ...this.#table.columns.flatMap(foundValueSql)];
    const known = rows.map((r) => `'${r.rowHash}'`).join(",");
    const sql = `SELECT ${select.join(", ")} FROM ${this.#from} WHERE (${keySql(
      this.#keys,
      rows.map((r) => r.key),
    )}) AND ${rowHash} NOT IN (${known})`;
    const found = new Map<string, FoundRow[]>();
    for await (const [keyHash, hash, ...facts] of streamRows(this.#session, sql)) {
      const key = String(keyHash);
      const same = found.get(key) ?? [];
      // A collation may match other keys too, and a key may have more rows than wanted.
      if (same.length >= (wanted.get(key) ?? 0)) continue;
      found.set(key, same);
      same.push({
        rowHash: String(hash),
        values: foundValues(facts, this.#table.columns.length),
      });
    }
    return found;
  }

  async #compare(key: Cells, cells: Cells, found: FoundRow): Promise<ChangedColumn[]> {
    const changed: ChangedColumn[] = [];
    for (const [i, column] of this.#table.columns.entries()) {
      const cell = cells[i]!;
      const there = found.values[i];
      const bytes = cell === null ? undefined : canonicalBytes(cell, column.form);
      if (isSameValue(bytes, there)) continue;
      const { name, form } = column;
      const isShort = Math.max(bytes?.length ?? 0, there?.bytes ?? 0) <= SHORT_BYTES;
      if (isShort) {
        changed.push({
          name,
          expected: cellOf(bytes ?? null, form),
          found: cellOf(there?.whole ?? null, form),
        });
        continue;
      }
      const where = `(${keySql(this.#keys, [key])}) AND ${keptSql(rowHashSql(this.#table))} = '${found.rowHash}'`;
      const source = { session: this.#session, from: this.#from, where, column };
      const { from, expected, found: piece } = await differingPieces(source, bytes, there);
      changed.push({
        name,
        expected: cellOf(expected ?? null, form),
        found: cellOf(piece ?? null, form),
        cut: {
          from,
          expected: bytes === undefined ? undefined : { bytes: bytes.length, sha256: sha256Of(bytes) },
          found:
            there === undefined
              ? undefined
              : { bytes: there.bytes, sha256: there.sha256 ?? sha256Of(there.whole!) },
        },
      });
    }
    return changed;
  }
}

interface FoundRow {
  readonly rowHash: string;
  /** The values, undefined for NULL. */
  readonly values: readonly (FoundValue | undefined)[];
}
