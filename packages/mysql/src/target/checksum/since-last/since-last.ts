import { keysFolder, openChain } from "@firebreak/items";
import { FirebreakError, type MysqlTable } from "@firebreak/archive";
import { chainPlace, type ChainPlace } from "@firebreak/target";
import { isStillThere, logEnd, type LogPlace, type NoGrounds } from "../../../binlog/log-place.ts";
import { writesOfOthers } from "../../../binlog/writes-of-others.ts";
import { allowancesToRead } from "../../../driver/allowances.ts";
import type { MysqlSession } from "../../../driver/connect.ts";
import { countRows } from "../../../driver/server-facts.ts";
import type { TableFacts } from "../../../driver/table-facts.ts";
import type { ChainRows } from "../chain-rows.ts";
import type { ChecksumStep } from "../checksum-notes.ts";
import type { MysqlComparison } from "../checksum-options.ts";
import { databasesIn, type FactsInTarget } from "../tables-in-target.ts";
import { readGrounds, writeGrounds, type Grounds } from "./grounds.ts";
import { LedgerMarks } from "./ledger-marks.ts";
import type { NoProof } from "./no-proof.ts";
import { countEqualKeys } from "./touched-keys.ts";

/**
 * Proves tables of a target by what changed since the last proof. Grounds: from the place of the binary log
 * at that proof to its end now, rows of these tables changed only in transactions that also changed the
 * ledger, so only loads wrote to them. What the loads did is proved key by key. Whatever was written with
 * sql_log_bin = 0 is in no log.
 */
export class SinceLast {
  readonly #session: MysqlSession;
  readonly #comparison: MysqlComparison;
  readonly #place: ChainPlace;
  readonly #end: LogPlace | NoGrounds;
  readonly #marks: LedgerMarks;

  private constructor(
    session: MysqlSession,
    comparison: MysqlComparison,
    end: LogPlace | NoGrounds,
    marks: LedgerMarks,
  ) {
    this.#session = session;
    this.#comparison = comparison;
    this.#place = chainPlace(comparison.source);
    this.#end = end;
    this.#marks = marks;
  }

  /** Notes the end of the log, and what the ledgers say. All reading that proves anything must come later. */
  static async begin(session: MysqlSession, comparison: MysqlComparison): Promise<SinceLast> {
    const end = await logEnd(session);
    const databases = "why" in end ? [] : comparison.made.tables.map(databasesIn(session));
    return new SinceLast(session, comparison, end, await LedgerMarks.read(session, new Set(databases)));
  }

  /**
   * Returns the tables that are proved to be as they must be. All others have to be compared as a whole.
   *
   * @param chain the links of a delta; undefined for a full archive.
   */
  async *prove(
    tables: readonly MysqlTable[],
    factsOf: FactsInTarget,
    chain: ChainRows | undefined,
  ): AsyncGenerator<ChecksumStep, ReadonlySet<MysqlTable> | NoProof> {
    const { work } = this.#comparison;
    if ("why" in this.#end) return this.#end;
    const all = await readGrounds(await this.#works(), this.#place);
    if (all.length === 0) return { why: "never-proved", work };
    // A record may be of another server or database, on which somebody rehearsed.
    const databases = new Set(tables.map(databasesIn(this.#session)));
    const fit = all.filter((g) => g.tables.some((t) => databases.has(t.database)));
    const grounds = (await this.#firstThere(fit)) ?? fit[0] ?? all[0]!;
    const written = await writesOfOthers(this.#session, grounds.place, this.#end, grounds.tables);
    if (written.kind === "cascades") return { why: "cascades", table: written.table };
    if (written.kind === "log-gone") return { why: "log-gone", file: written.file };
    if (written.kind !== "none") {
      const { file, at: offset, type, info } = written.at;
      return written.kind === "written"
        ? { why: "written", table: written.table, file, offset }
        : { why: "unclear", event: `${type}: ${info}`, file, offset };
    }
    const proved = new Set<MysqlTable>();
    let keys = 0;
    for (const table of tables) {
      const found = yield* this.#proveTable(table, factsOf(table), grounds, chain);
      if (typeof found === "object") return found;
      if (found === undefined) continue;
      keys += found;
      proved.add(table);
    }
    const { transactions } = written;
    const fields = { tables: proved.size, keys, transactions, at: grounds.at };
    yield { kind: "note", code: "since-last-proved", fields };
    return proved;
  }

  /** Keeps the place of the log for the next proof. Call it when all tables were found to be equal. */
  async record(tables: readonly MysqlTable[]): Promise<void> {
    if ("why" in this.#end) return;
    const place = this.#place;
    const places = tables.map((table) => {
      const database = databasesIn(this.#session)(table);
      return {
        database,
        table: table.table,
        ledger: this.#marks.of(database, table.table, place, place.number),
      };
    });
    await writeGrounds(this.#comparison.work, place, this.#end, places);
  }

  /** Returns the work folders that may have a record: that of this run, and those beside the chain's archives. */
  async #works(): Promise<ReadonlySet<string>> {
    const { work, archive, previous, identities } = this.#comparison;
    const links = await openChain(archive, { previous, identities }).catch((error: unknown) => {
      if (error instanceof FirebreakError) return [];
      throw error;
    });
    return new Set([work, ...links.map(({ folder }) => `${folder}.work`)]);
  }

  async #firstThere(all: readonly Grounds[]): Promise<Grounds | undefined> {
    for (const grounds of all) if (await isStillThere(this.#session, grounds.place)) return grounds;
    return undefined;
  }

  /** Returns the number of keys; undefined if the table has to be compared as a whole. */
  async *#proveTable(
    table: MysqlTable,
    facts: TableFacts | undefined,
    grounds: Grounds,
    chain: ChainRows | undefined,
  ): AsyncGenerator<ChecksumStep, number | NoProof | undefined> {
    const database = databasesIn(this.#session)(table);
    const known = grounds.tables.find((t) => t.database === database && t.table === table.table);
    if (known === undefined || facts === undefined) return undefined;
    if (this.#marks.of(database, table.table, this.#place, grounds.number) !== known.ledger)
      return { why: "ledger-differs", table: table.table };
    await this.#session.allow(allowancesToRead(table));
    let keys = 0;
    if (chain !== undefined && this.#place.number > grounds.number) {
      const links = yield* chain.of(table, undefined, grounds.number);
      if (links === undefined) return { why: "links-unknown", table: table.table };
      if (links.isWhole) return undefined;
      const scratch = keysFolder(this.#comparison.work);
      const count = await countEqualKeys(this.#session, table, { database, facts }, links, scratch);
      if (count === undefined) return { why: "rows-differ", table: table.table };
      keys = count;
    }
    const rowCount = await countRows(this.#session, database, table.table);
    return rowCount === table.digest.rowCount ? keys : { why: "counts-differ", table: table.table };
  }
}
