import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  AGE_SUFFIX,
  diskFault,
  PartWriter,
  type MysqlTable,
  type PartEntry,
  type RepairTable,
} from "@firebreak/archive";
import { KeyStore, KeyStoreWriter, keyText, RowIdentity } from "@firebreak/items";
import { csvRow } from "@firebreak/mysql-format";
import type { Cells, ExpectedRow } from "../checksum/expected-rows.ts";

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
  /** The bytes of sorted keys that may stay in memory. */
  readonly memoryBytes?: number | undefined;
}

/** Writes the repair of one table: the keys that differ, then all rows that the archive has under them. */
export class TableRepair {
  readonly #table: MysqlTable;
  readonly #keys: CsvPart;
  readonly #rows: CsvPart;
  /** The same keys, to find the rows under them. */
  readonly #wanted: KeyStoreWriter;
  readonly #counts = { missing: 0, extra: 0, changed: 0 };

  constructor(table: MysqlTable, place: TableRepairPlace) {
    const { folder, number, recipients, memoryBytes } = place;
    this.#table = table;
    this.#wanted = new KeyStoreWriter(join(folder, "wanted"), { memoryBytes });
    this.#keys = new CsvPart(folder, `keys/${number}.csv.zst`, recipients);
    this.#rows = new CsvPart(folder, `rows/${number}.csv.zst`, recipients);
  }

  async add(difference: DifferingKey): Promise<void> {
    this.#counts[difference.kind] += difference.kind === "extra" ? difference.count : 1;
    await this.#keys.add(difference.key);
    await this.#wanted.add(keyText(this.#table, difference.key));
  }

  /**
   * Takes the rows and seals both parts. Returns undefined if nothing was added.
   *
   * @param rows the rows that the table should have.
   */
  async end(rows: AsyncIterable<ExpectedRow>): Promise<RepairTable | undefined> {
    const keys = await this.#keys.seal();
    if (keys === undefined) return undefined;
    const wanted = new KeyStore(await this.#wanted.seal());
    const identity = new RowIdentity(this.#table);
    try {
      for await (const { cells } of rows)
        if (wanted.has(keyText(this.#table, identity.keyOf(cells)))) await this.#rows.add(cells);
    } finally {
      wanted.close();
      await this.#wanted.close();
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
    await this.#wanted.close();
  }
}

/** A part of CSV that begins with its first row, so that no file exists if there are no rows. */
class CsvPart {
  readonly #folder: string;
  readonly #file: string;
  readonly #recipients: readonly string[];
  #writer: PartWriter | undefined;

  constructor(folder: string, file: string, recipients: readonly string[]) {
    this.#folder = folder;
    this.#file = recipients.length === 0 ? file : `${file}${AGE_SUFFIX}`;
    this.#recipients = recipients;
  }

  async add(cells: Cells): Promise<void> {
    this.#writer ??= await this.#begin();
    await this.#writer.write(Buffer.from(csvRow(cells), "latin1"), 1);
  }

  async seal(): Promise<PartEntry | undefined> {
    if (this.#writer === undefined) return undefined;
    return { file: this.#file, ...(await this.#writer.seal()) };
  }

  async abandon(): Promise<void> {
    await this.#writer?.abandon();
  }

  async #begin(): Promise<PartWriter> {
    const path = join(this.#folder, this.#file);
    await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
      throw diskFault(error, path);
    });
    return PartWriter.open(path, this.#recipients);
  }
}
