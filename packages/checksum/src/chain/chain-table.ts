import { join } from "node:path";
import { KeySet, keyText, RowIdentity } from "@firebreak/items";
import { logicalTable, readPart, type MysqlTable, type TablePart } from "@firebreak/archive";
import { readCsv } from "@firebreak/mysql-format";
import { partName } from "@firebreak/mysql";
import { rowsOfPart, type RowsOfLinks } from "../rows/expected-rows.ts";
import type { ExpectedRow, SetAside, TransformedLink } from "../rows/expected-row.ts";

/** A table in one link. */
interface LinkTable {
  readonly link: TransformedLink;
  readonly table: MysqlTable;
}

/** A table in the links of a chain: all its rows, without those whose keys a later link has. */
export class ChainTable implements RowsOfLinks {
  readonly #table: MysqlTable;
  readonly #chainSha256: string;
  readonly #identities: readonly string[] | undefined;
  readonly #links: readonly LinkTable[];
  #keys: Promise<KeySet[]> | undefined;

  /** @param table the table in the last link. */
  constructor(
    chain: readonly TransformedLink[],
    chainSha256: string,
    table: MysqlTable,
    identities: readonly string[] | undefined,
  ) {
    this.#table = table;
    this.#chainSha256 = chainSha256;
    this.#identities = identities;
    const all = chain.flatMap((link): LinkTable[] => {
      const found = link.manifests.mysql.tables.find(
        (t) => t.table === table.table && t.database === table.database,
      );
      return found === undefined ? [] : [{ link, table: logicalTable(found) }];
    });
    // If a link has the table whole or drops it, no link before it counts.
    const from = all.findLastIndex((l) => l.table.change === "whole" || l.table.change === "dropped");
    this.#links = all.slice(Math.max(0, from));
  }

  get inLedger(): MysqlTable {
    const { change: _, keys: __, alter: ___, ...table } = this.#table;
    const parts = this.#links.flatMap(({ link, table: own }) =>
      own.parts.map((part): TablePart => ({ ...part, file: this.#entryOf(link, part) })),
    );
    return { ...table, parts };
  }

  async *rows(setAside: SetAside | undefined): AsyncGenerator<ExpectedRow> {
    this.#keys ??= this.#readKeys();
    const keys = await this.#keys;
    for (const [i, { link, table }] of this.#links.entries()) {
      const later = keys.slice(i + 1).filter((set) => set.size > 0);
      const identity = new RowIdentity(table);
      const places = this.#table.columns.map((c) => table.columns.findIndex((own) => own.name === c.name));
      for (const part of table.parts) {
        const gone = setAside?.get(this.#entryOf(link, part));
        const place = {
          folder: link.folder,
          identities: this.#identities,
          setAside: gone === undefined ? undefined : new Map([[part.file, gone]]),
        };
        for await (const { cells, origin } of rowsOfPart(place, part)) {
          if (later.length > 0) {
            const key = keyText(table, identity.keyOf(cells));
            if (later.some((set) => set.has(key))) continue;
          }
          // If a later link added a column, it is NULL in the rows of earlier links.
          yield { cells: places.map((at) => cells[at] ?? null), origin: { ...origin, link } };
        }
      }
    }
  }

  /** Reads the keys of each link whose rows in earlier links are superseded. */
  async #readKeys(): Promise<KeySet[]> {
    const sets: KeySet[] = [];
    for (const { link, table } of this.#links) {
      const set = new KeySet();
      for (const part of table.keys ?? []) {
        const bytes = readPart(join(link.folder, part.file), part.file, part, {
          identities: this.#identities,
        });
        for await (const key of readCsv(bytes, part.file)) set.add(keyText(table, key));
      }
      sets.push(set);
    }
    return sets;
  }

  #entryOf({ number }: TransformedLink, { file }: TablePart): string {
    return partName({ chain: this.#chainSha256, number }, file);
  }
}
