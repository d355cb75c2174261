import { FirebreakError, type Delta, type MysqlTable, type StepEvent } from "@firebreak/archive";
import type { ChecksumOptions } from "../checksum.ts";
import { ChainTable } from "./chain-table.ts";
import { transformedChain, type TransformedLink } from "./transformed-chain.ts";

/**
 * Where the rows of a delta's tables are: in all links of its chain. The links
 * before it are opened when the rows of a table are wanted first.
 */
export class ChainRows {
  readonly #options: ChecksumOptions;
  readonly #delta: Delta;
  #links: Promise<TransformedLink[]> | undefined;

  constructor(options: ChecksumOptions, delta: Delta) {
    this.#options = options;
    this.#delta = delta;
  }

  /**
   * @returns undefined, and says why, where a link is not here; that is an error where a repair is to be made.
   * @throws {FirebreakError} of checksum and archive.
   */
  async *of(table: MysqlTable): AsyncGenerator<StepEvent, ChainTable | undefined> {
    try {
      this.#links ??= transformedChain(this.#options);
      return new ChainTable(await this.#links, this.#delta.chainSha256, table, this.#options.identities);
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
}
