import { isUtf8 } from "node:buffer";
import { csvCells } from "@firebreak/mysql-format";
import type { CellForm } from "@firebreak/items";
import type { MysqlTable } from "@firebreak/archive";
import type { MysqlSession } from "../../driver/connect.ts";
import type { LoadWork, Refusal } from "./part-work.ts";
import type { RowFile } from "./row-file.ts";
import { sendChecked, type RowsRefused } from "./send-checked.ts";

/** The destination of rows, and the file that errors name. */
export interface Destination {
  readonly database: string;
  readonly table: MysqlTable;
  readonly file: string;
  /** Returns the number of a row in errors, from 1, if the rows are not those of a whole part. */
  readonly rowNumber?: (index: number) => number;
}

/**
 * Bisects the rows of a part that the server refused as a whole, until each row that is to blame is known,
 * and loads the others. Runs in the caller's transaction; savepoints roll back what was refused.
 */
export class Settling {
  readonly refused: Refusal[] = [];
  readonly #session: MysqlSession;
  readonly #work: Pick<LoadWork, "send" | "limit">;
  readonly #to: Destination;
  readonly #rows: RowFile;

  constructor(session: MysqlSession, work: Pick<LoadWork, "send" | "limit">, to: Destination, rows: RowFile) {
    this.#session = session;
    this.#work = work;
    this.#to = to;
    this.#rows = rows;
  }

  /** @throws {FirebreakError} `quarantine-full`, or an error that no row caused. */
  async settleAll(): Promise<void> {
    await this.#split(0, this.#rows.rowCount);
  }

  /** Sends rows. If they are refused, returns the reason, and the table is as before. */
  async attempt(from: number, to: number): Promise<RowsRefused | undefined> {
    await this.#session.run("SAVEPOINT firebreak_rows");
    const refused = await sendChecked(
      this.#session,
      this.#work.send,
      this.#to,
      to - from,
      this.#rows.rows(from, to),
    );
    if (refused !== undefined) await this.#session.run("ROLLBACK TO SAVEPOINT firebreak_rows");
    return refused;
  }

  /** Bisects rows that are refused together. */
  async #split(from: number, to: number): Promise<void> {
    if (to - from <= 1) {
      if (to > from) await this.#one(from);
      return;
    }
    const middle = from + ((to - from) >> 1);
    const isLeftBad = (await this.attempt(from, middle)) !== undefined;
    if (isLeftBad) await this.#split(from, middle);
    // If the left half is in but the whole was refused, the right half must be to blame.
    if (!isLeftBad || (await this.attempt(middle, to)) !== undefined) await this.#split(middle, to);
  }

  async #one(index: number): Promise<void> {
    const refused = await this.attempt(index, index + 1);
    if (refused === undefined) return;
    const { errno, message } = refused;
    const columns = refused.columns.length > 0 ? refused.columns : await this.#unreadableColumns(index);
    this.refused.push({ index, errno, message, columns });
    const row = this.#to.rowNumber?.(index) ?? index + 1;
    this.#work.limit.add(this.#to.table.table, this.#to.file, `row ${row}: ${message}`);
  }

  /**
   * Finds the columns that errors about invalid UTF-8 or base64 concern, on servers whose errors name none.
   */
  async #unreadableColumns(index: number): Promise<string[]> {
    const { columns } = this.#to.table;
    const cells = csvCells(await this.#rows.row(index));
    if (cells?.length !== columns.length) return [];
    return columns.filter((c, i) => !isReadable(cells[i] ?? "", c.form)).map((c) => c.name);
  }
}

/** @param cell in byte text. */
function isReadable(cell: string, form: CellForm): boolean {
  return form === "binary"
    ? cell.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(cell)
    : isUtf8(Buffer.from(cell, "latin1"));
}
