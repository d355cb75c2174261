import { SourceLines, type MysqlManifest, type MysqlTable, type SourceManifest } from "@firebreak/archive";
import type { RowOrigin, RowsPlace } from "./expected-rows.ts";
import type { ReportedSource } from "./reported-difference.ts";

/** What an archive says of itself and of what transform made of it. */
export interface Manifests {
  readonly source: SourceManifest;
  readonly mysql: MysqlManifest;
}

/** The documents of rows. Rows come in the order of parts, several times over: what is known of one part is kept. */
export class RowSources {
  readonly #place: RowsPlace;
  readonly #manifests: Manifests;
  readonly #table: MysqlTable;
  #part: string | undefined;
  #lines: SourceLines | undefined;

  constructor(place: RowsPlace, manifests: Manifests, table: MysqlTable) {
    this.#place = place;
    this.#manifests = manifests;
    this.#table = table;
  }

  async of({ part, row }: RowOrigin): Promise<ReportedSource> {
    if (this.#part !== part.file || this.#lines === undefined) {
      const { folder, identities } = this.#place;
      this.#lines = await SourceLines.open(
        folder,
        { source: this.#manifests.source, made: this.#manifests.mysql },
        { namespace: this.#table.namespace, name: this.#table.table, file: part.file },
        identities,
      );
      this.#part = part.file;
    }
    return this.#lines.of(row);
  }
}
