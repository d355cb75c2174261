import { join } from "node:path";
import { readPart, type MysqlTable } from "@firebreak/archive";
import { keyText, RowIdentity, type Item, type ItemReader, type PlacedPart } from "@firebreak/items";
import { csvRow } from "./csv-dialect.ts";
import { readCsvBlocks } from "./read-csv.ts";

type Cells = readonly (string | null)[];
type Table = Pick<MysqlTable, "columns" | "keyColumns" | "rowEncoding">;

/** A row, by its cells. */
export class RowItem implements Item {
  readonly cells: Cells;
  readonly #reader: RowReader;
  #key: string | undefined;

  constructor(cells: Cells, reader: RowReader) {
    this.cells = cells;
    this.#reader = reader;
  }

  get key(): string {
    this.#key ??= this.#reader.keyOf(this.cells);
    return this.#key;
  }

  hash(): Buffer {
    return this.#reader.identity.rowHash(this.cells);
  }

  keyLine(): string {
    return csvRow(this.#reader.identity.keyOf(this.cells));
  }

  line(): string {
    return csvRow(this.cells);
  }
}

/** Reads rows in the output of transform. */
export class RowReader implements ItemReader<RowItem> {
  readonly identity: RowIdentity;
  readonly #table: Table;
  readonly #identities: readonly string[] | undefined;

  constructor(table: Table, identities: readonly string[] | undefined) {
    this.identity = new RowIdentity(table);
    this.#table = table;
    this.#identities = identities;
  }

  async *items(placed: PlacedPart): AsyncGenerator<readonly RowItem[]> {
    for await (const rows of this.#rows(placed)) yield rows.map((cells) => new RowItem(cells, this));
  }

  async *keys(placed: PlacedPart): AsyncGenerator<readonly string[]> {
    for await (const rows of this.#rows(placed)) yield rows.map((key) => keyText(this.#table, key));
  }

  /** Returns the key of a row, as `keys` yields it. */
  keyOf(cells: Cells): string {
    return keyText(this.#table, this.identity.keyOf(cells));
  }

  #rows({ folder, part }: PlacedPart): AsyncGenerator<readonly Cells[]> {
    const { file } = part;
    return readCsvBlocks(readPart(join(folder, file), file, part, { identities: this.#identities }), file);
  }
}
