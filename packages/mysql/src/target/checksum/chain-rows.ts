import { FirebreakError, type Delta, type MysqlTable } from "@firebreak/archive";
import { madeFolders, madeOfLink, openChain, readMade } from "@firebreak/items";
import { ChainTable } from "./chain-table.ts";
import { checksumFault } from "./checksum-faults.ts";
import type { ChecksumStep } from "./checksum-notes.ts";
import type { MysqlComparison } from "./checksum-options.ts";
import type { SetAside, TransformedLink } from "./expected-rows.ts";

/**
 * Finds the rows of a delta's tables in all links of its chain. The links before it are opened when the rows
 * of a table are first wanted. The caller closes it.
 */
export class ChainRows {
  readonly #options: MysqlComparison;
  readonly #delta: Delta;
  #links: Promise<TransformedLink[]> | undefined;
  readonly #opened: ChainTable[] = [];

  constructor(options: MysqlComparison, delta: Delta) {
    this.#options = options;
    this.#delta = delta;
  }

  /**
   * Returns the table in all links.
   *
   * @param setAside the rows that the target refused.
   * @param after the number of the link after which links count; by default all do.
   * @returns undefined after a note if a link is not here. If a repair is wanted, that is an error.
   * @throws {FirebreakError} a fault of checksum or archive.
   */
  async *of(
    table: MysqlTable,
    setAside: SetAside | undefined,
    after = -1,
  ): AsyncGenerator<ChecksumStep, ChainTable | undefined> {
    try {
      this.#links ??= transformedChain(this.#options);
      const last = { table, chainSha256: this.#delta.chainSha256, setAside };
      const links = (await this.#links).filter(({ number }) => number > after);
      const opened = new ChainTable(links, last, this.#options);
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

/**
 * Opens the chain that ends with a delta, the full archive first. The transform of a link is in its archive,
 * or in the folder beside it whose name ends in `.work`.
 *
 * @throws {FirebreakError} `chain-link-missing`, `link-not-transformed`, or a fault of archive.
 */
async function transformedChain({
  archive,
  folder,
  previous,
  identities,
}: Pick<MysqlComparison, "archive" | "folder" | "previous" | "identities">): Promise<TransformedLink[]> {
  const links: TransformedLink[] = [];
  for (const link of await openChain(archive, { previous, identities })) {
    const number = link.manifest.delta?.number ?? 0;
    const made =
      link.folder === archive
        ? { folder, manifest: await readMade("mysql", folder, link.sha256, identities) }
        : await madeOfLink("mysql", link, identities);
    if (made?.manifest === undefined) {
      const folders = link.folder === archive ? [folder] : madeFolders(link.folder, "mysql");
      throw checksumFault("link-not-transformed", { archive: link.folder, folders });
    }
    const manifests = { source: link.manifest, mysql: made.manifest };
    links.push({ archive: link.folder, number, folder: made.folder, manifests });
  }
  return links;
}
