import {
  ChainItems,
  holdingLinks,
  keysFolder,
  linkItems,
  type ItemReader,
  type Keyed,
  type PlacedPart,
} from "@firebreak/items";
import { join } from "node:path";
import { logicalTable, readPart, type MysqlTable, type PartEntry } from "@firebreak/archive";
import { readCsvBlocks, RowReader } from "@firebreak/mysql-format";
import { ledgerName, partOf } from "../ledger/ledger-name.ts";
import type { MysqlComparison } from "./checksum-options.ts";
import {
  rowBlocks,
  type Cells,
  type ExpectedRow,
  type RowOrigin,
  type RowsOfLinks,
  type SetAside,
  type TransformedLink,
} from "./expected-rows.ts";

/** A table in one link. */
interface LinkTable {
  readonly link: TransformedLink;
  readonly table: MysqlTable;
}

/** The table at the end of a chain, and the rows that the target refused. */
export interface LastTable {
  readonly table: MysqlTable;
  readonly chainSha256: string;
  readonly setAside: SetAside | undefined;
}

/**
 * A table in the links of a chain: all its rows, without those whose keys a later link has. The caller closes
 * it.
 */
export class ChainTable implements RowsOfLinks {
  readonly #last: LastTable;
  readonly #links: readonly LinkTable[];
  readonly #rows: ChainItems<ChainRow>;
  readonly #identities: readonly string[] | undefined;

  constructor(
    chain: readonly TransformedLink[],
    last: LastTable,
    { work, identities }: Pick<MysqlComparison, "work" | "identities">,
  ) {
    this.#last = last;
    this.#identities = identities;
    const all = chain.flatMap((link): LinkTable[] => {
      const found = link.manifests.mysql.tables.find(
        (t) => t.table === last.table.table && t.database === last.table.database,
      );
      return found === undefined ? [] : [{ link, table: logicalTable(found) }];
    });
    this.#links = holdingLinks(all, ({ table }) => table.change);
    const readers = this.#links.map((own) => new LinkRowReader(own, last, identities));
    this.#rows = new ChainItems(
      this.#links.map(({ link, table }, i) => linkItems(readers[i]!, { folder: link.folder, ...table })),
      keysFolder(work),
    );
  }

  get inLedger(): MysqlTable {
    const { change: _, keys: __, alter: ___, ...table } = this.#last.table;
    const parts = this.#links.flatMap(({ link, table: { parts: own } }) =>
      own.map((part) => ({ ...part, file: entryOf(this.#last, link, part) })),
    );
    return { ...table, parts };
  }

  async *rows(): AsyncGenerator<ExpectedRow> {
    for await (const rows of this.#rows.items()) for (const row of rows) yield row;
  }

  /** Yields the keys that the links name, many at once: their rows in earlier links no longer hold. */
  async *namedKeys(): AsyncGenerator<readonly Cells[]> {
    for (const { link, table } of this.#links)
      for (const part of table.keys ?? []) {
        const { file } = part;
        const bytes = readPart(join(link.folder, file), file, part, { identities: this.#identities });
        yield* readCsvBlocks(bytes, file);
      }
  }

  /** Returns true if one of the links has the table as a whole, not only what changed. */
  get isWhole(): boolean {
    return this.#links.some(({ table }) => table.change === "whole");
  }

  async close(): Promise<void> {
    await this.#rows.close();
  }
}

/** A row of a link, in the columns of the last link. */
class ChainRow implements ExpectedRow, Keyed {
  readonly cells: Cells;
  readonly origin: RowOrigin;
  readonly #own: Cells;
  readonly #keyOf: (own: Cells) => string;

  constructor(cells: Cells, origin: RowOrigin, own: Cells, keyOf: (own: Cells) => string) {
    this.cells = cells;
    this.origin = origin;
    this.#own = own;
    this.#keyOf = keyOf;
  }

  get key(): string {
    return this.#keyOf(this.#own);
  }
}

/** Reads the rows of a link, without those that the target refused. */
class LinkRowReader implements ItemReader<ChainRow> {
  readonly #own: LinkTable;
  readonly #last: LastTable;
  readonly #identities: readonly string[] | undefined;
  readonly #rows: RowReader;

  constructor(own: LinkTable, last: LastTable, identities: readonly string[] | undefined) {
    this.#own = own;
    this.#last = last;
    this.#identities = identities;
    this.#rows = new RowReader(own.table, identities);
  }

  async *items({ folder, part }: PlacedPart): AsyncGenerator<readonly ChainRow[]> {
    const { link, table } = this.#own;
    const places = this.#last.table.columns.map(({ name }) =>
      table.columns.findIndex((c) => c.name === name),
    );
    const gone = this.#last.setAside?.get(entryOf(this.#last, link, part));
    const setAside = gone === undefined ? undefined : new Map([[part.file, gone]]);
    const keyOf = (own: Cells): string => this.#rows.keyOf(own);
    for await (const rows of rowBlocks({ folder, identities: this.#identities, setAside }, part))
      yield rows.map(({ cells: own, origin }) => {
        // If a later link added a column, it is NULL in the rows of earlier links.
        const cells = places.map((at) => own[at] ?? null);
        return new ChainRow(cells, { ...origin, link }, own, keyOf);
      });
  }

  keys(placed: PlacedPart): AsyncGenerator<readonly string[]> {
    return this.#rows.keys(placed);
  }
}

/** Returns the name of a link's part in the target's ledger. */
function entryOf(
  { chainSha256 }: LastTable,
  { number }: TransformedLink,
  { file }: Pick<PartEntry, "file">,
): string {
  return ledgerName(partOf({ chain: chainSha256, number }, file));
}
