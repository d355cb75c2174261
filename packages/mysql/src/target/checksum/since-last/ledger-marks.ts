import { sha256Of } from "@firebreak/archive";
import type { ChainPlace } from "@firebreak/target";
import type { MysqlSession } from "../../../driver/connect.ts";
import { isOfChain, ledgerName } from "../../ledger/ledger-name.ts";
import { loadTimes, type LoadTime } from "../../ledger/ledger.ts";

/** The rows of the ledgers of some databases. */
export class LedgerMarks {
  readonly #times: ReadonlyMap<string, readonly LoadTime[]>;

  private constructor(times: ReadonlyMap<string, readonly LoadTime[]>) {
    this.#times = times;
  }

  static async read(session: MysqlSession, databases: Iterable<string>): Promise<LedgerMarks> {
    const times = new Map<string, readonly LoadTime[]>();
    for (const database of databases) times.set(database, (await loadTimes(session, database)).times);
    return new LedgerMarks(times);
  }

  /**
   * Returns a hash of all that is said of a table, apart from deltas of the chain behind `after` and up to the
   * place. It is another one after a repair, a replay of quarantine, the load of another archive, or a later
   * delta.
   */
  of(database: string, table: string, { chain, number }: ChainPlace, after: number): string {
    const said = (this.#times.get(database) ?? []).filter(
      ({ table: name, subject }) =>
        name === table && !(isOfChain(subject, chain) && subject.number > after && subject.number <= number),
    );
    const rows = said.map(({ subject, rowCount, quarantinedCount, plainSha256, loadedAtMs }) =>
      JSON.stringify([ledgerName(subject), rowCount, quarantinedCount, plainSha256, loadedAtMs]),
    );
    return sha256Of(rows.toSorted().join("\n"));
  }
}
