import { join } from "node:path";
import { csvRow, readCsv } from "@firebreak/mysql-format";
import { KeySet, keyText, RowIdentity } from "@firebreak/items";
import { readPart, type MysqlTable, type PartEntry } from "@firebreak/archive";
import type { Keys } from "../keys.ts";
import type { Side, SideItem } from "./side.ts";

/** The number of rows after which collected output may be written. */
const REST_EVERY = 1000;

/** The rows of a table in one link. */
export interface LinkRows {
  readonly folder: string;
  readonly parts: readonly PartEntry[];
  /** The keys whose rows in earlier links are superseded. */
  readonly keys: readonly PartEntry[];
}

/** The rows of a table in the links of a chain, without those that later links supersede. */
export class RowSide implements Side {
  readonly count: number;
  readonly #table: Pick<MysqlTable, "columns" | "keyColumns" | "rowEncoding">;
  readonly #links: readonly LinkRows[];
  readonly #keys: Keys;
  #later: Promise<KeySet[]> | undefined;

  constructor(table: RowSide["table"], links: readonly LinkRows[], keys: Keys) {
    this.#table = table;
    this.#links = links;
    this.#keys = keys;
    this.count = links.flatMap((l) => l.parts).reduce((sum, p) => sum + p.lineCount, 0);
  }

  get table(): Pick<MysqlTable, "columns" | "keyColumns" | "rowEncoding"> {
    return this.#table;
  }

  async each(take: (item: SideItem) => void, rest: () => Promise<void>): Promise<void> {
    this.#later ??= this.#keySets();
    const sets = await this.#later;
    const identity = new RowIdentity(this.#table);
    let row = 0;
    for (const [i, { folder, parts }] of this.#links.entries()) {
      const later = sets.slice(i + 1).filter((set) => set.size > 0);
      for (const part of parts)
        for await (const cells of this.#cells(folder, part)) {
          const keyCells = identity.keyOf(cells);
          const key = keyText(this.#table, keyCells);
          if (later.some((set) => set.has(key))) continue;
          take({
            key,
            hash: identity.rowHash(cells),
            keyLine: () => csvRow(keyCells),
            line: () => csvRow(cells),
          });
          if (++row % REST_EVERY === 0) await rest();
        }
    }
  }

  async #keySets(): Promise<KeySet[]> {
    const sets: KeySet[] = [];
    for (const { folder, keys } of this.#links) {
      const set = new KeySet();
      for (const part of keys)
        for await (const cells of this.#cells(folder, part)) set.add(keyText(this.#table, cells));
      sets.push(set);
    }
    return sets;
  }

  #cells(folder: string, part: PartEntry): AsyncGenerator<(string | null)[]> {
    return readCsv(readPart(join(folder, part.file), part.file, part, this.#keys), part.file);
  }
}
