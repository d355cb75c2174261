import { join } from "node:path";
import { readCsv } from "@firebreak/mysql-format";
import { readPart, type MysqlTable, type PartEntry, type RepairTable } from "@firebreak/archive";
import { CsvPart } from "./csv-part.ts";
import type { Cells, ExpectedRow } from "./expected-row.ts";
import { WantedKeys } from "./wanted-keys.ts";

/** The facts of a difference that a repair needs. */
export type DifferingKey =
  | { readonly kind: "missing" | "changed"; readonly key: Cells }
  /** `count` is the number of surplus rows with that key. */
  | { readonly kind: "extra"; readonly key: Cells; readonly count: number };

/** The place of a table's part of a repair. */
export interface TableRepairPlace {
  readonly folder: string;
  /** The name of its files. */
  readonly number: string;
  readonly recipients: readonly string[];
  readonly identities: readonly string[] | undefined;
  /** The most keys that one reading of the table's rows looks for. */
  readonly keysAReading: number;
}

/** Writes the repair of one table: the keys that differ, then all rows that the archive has under them. */
export class TableRepair {
  readonly #table: MysqlTable;
  readonly #place: TableRepairPlace;
  readonly #keys: CsvPart;
  readonly #rows: CsvPart;
  readonly #counts = { missing: 0, extra: 0, changed: 0 };

  constructor(table: MysqlTable, place: TableRepairPlace) {
    const { folder, number, recipients } = place;
    this.#table = table;
    this.#place = place;
    this.#keys = new CsvPart(folder, `keys/${number}.csv.zst`, recipients);
    this.#rows = new CsvPart(folder, `rows/${number}.csv.zst`, recipients);
  }

  async add(difference: DifferingKey): Promise<void> {
    this.#counts[difference.kind] += difference.kind === "extra" ? difference.count : 1;
    await this.#keys.add(difference.key);
  }

  /**
   * Takes the rows and seals both parts. Returns undefined if nothing was added.
   *
   * @param rows returns the rows that the table should have, from the first, at each call.
   */
  async end(rows: () => AsyncIterable<ExpectedRow>): Promise<RepairTable | undefined> {
    const keys = await this.#keys.seal();
    if (keys === undefined) return undefined;
    const readings = Math.ceil(keys.lineCount / this.#place.keysAReading);
    for (let share = 0; share < readings; share++) {
      const wanted = new WantedKeys(this.#table, share, readings);
      for await (const key of this.#keysOf(keys)) wanted.add(key);
      for await (const { cells } of rows()) if (wanted.hasKeyOf(cells)) await this.#rows.add(cells);
    }
    const sealed = await this.#rows.seal();
    return {
      table: this.#table,
      missingCount: this.#counts.missing,
      extraCount: this.#counts.extra,
      changedCount: this.#counts.changed,
      keys,
      ...(sealed === undefined ? {} : { rows: sealed }),
    };
  }

  async abandon(): Promise<void> {
    await this.#keys.abandon();
    await this.#rows.abandon();
  }

  #keysOf(part: PartEntry): AsyncGenerator<Cells> {
    const { folder, identities } = this.#place;
    return readCsv(readPart(join(folder, part.file), part.file, part, { identities }), part.file);
  }
}
