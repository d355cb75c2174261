import { FirebreakError, type Delta, type MysqlTable } from "@firebreak/archive";
import type { ChecksumOptions } from "../checksum-options.ts";
import type { ChecksumStep } from "../checksum-notes.ts";
import { ChainTable } from "./chain-table.ts";
import { transformedChain } from "./transformed-chain.ts";
import type { SetAside, TransformedLink } from "../rows/expected-row.ts";

/**
 * Finds the rows of a delta's tables in all links of its chain. The links before it are opened when the rows
 * of a table are first wanted. The caller closes it.
 */
export class ChainRows {
  readonly #options: ChecksumOptions;
  readonly #delta: Delta;
  #links: Promise<TransformedLink[]> | undefined;
  readonly #opened: ChainTable[] = [];

  constructor(options: ChecksumOptions, delta: Delta) {
    this.#options = options;
    this.#delta = delta;
  }

  /**
   * Returns the table in all links.
   *
   * @param setAside the rows that the target refused.
   * @returns undefined after a note if a link is not here. If a repair is wanted, that is an error.
   * @throws {FirebreakError} a fault of checksum or archive.
   */
  async *of(
    table: MysqlTable,
    setAside: SetAside | undefined,
  ): AsyncGenerator<ChecksumStep, ChainTable | undefined> {
    try {
      this.#links ??= transformedChain(this.#options);
      const last = { table, chainSha256: this.#delta.chainSha256, setAside };
      const opened = new ChainTable(await this.#links, last, this.#options);
      this.#opened.push(opened);
      return opened;
    } catch (error) {
      if (this.#options.repair !== undefined || !(error instanceof FirebreakError)) throw error;
      const { code, fields } = error;
      if (code !== "chain-link-missing" && code !== "link-not-transformed") throw error;
      const isMissing = code === "chain-link-missing";
      const place = String(isMissing ? fields["looked"] : fields["archive"]);
      yield { kind: "note", code: "chain-rows-unknown", fields: { table: table.table, isMissing, place } };
      return undefined;
    }
  }

  async close(): Promise<void> {
    for (const table of this.#opened) await table.close();
  }
}
