import {
  SourceLines,
  type MysqlManifest,
  type MysqlTable,
  type SourceManifest,
  type TablePart,
} from "@firebreak/archive";
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
  #part: TablePart | undefined;
  #lines: SourceLines | undefined;

  constructor(place: RowsPlace, manifests: Manifests, table: MysqlTable) {
    this.#place = place;
    this.#manifests = manifests;
    this.#table = table;
  }

  /** Undefined where rows do not follow the documents one by one. */
  async of({ part, row, link }: RowOrigin): Promise<ReportedSource | undefined> {
    if (this.#manifests.mysql.profile !== "generic") return undefined;
    const { source, mysql } = link?.manifests ?? this.#manifests;
    if (this.#part !== part || this.#lines === undefined) {
      const folder = link?.folder ?? this.#place.folder;
      const made = { source, made: mysql };
      this.#lines = await SourceLines.open(folder, made, this.#table, part, this.#place.identities);
      this.#part = part;
    }
    const line = this.#lines.of(row);
    // A part of a delta that no part of the source goes with.
    if (line.part === "") return undefined;
    return {
      namespace: this.#table.namespace,
      ...line,
      ...(link === undefined ? {} : { archive: link.archive }),
    };
  }
}
