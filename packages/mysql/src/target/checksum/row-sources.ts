import { SourceLines, type MysqlTable, type PartEntry } from "@firebreak/archive";
import type { RowsPlace } from "./expected-rows.ts";
import type { RowOrigin, Manifests } from "./expected-rows.ts";
import type { ReportedSource } from "@firebreak/target";

/**
 * Finds the documents of rows. Rows come in the order of parts, repeatedly: the current part's lines stay.
 */
export class RowSources {
  readonly #place: RowsPlace;
  readonly #manifests: Manifests;
  readonly #table: MysqlTable;
  #part: PartEntry | undefined;
  #lines: SourceLines | undefined;

  constructor(place: RowsPlace, manifests: Manifests, table: MysqlTable) {
    this.#place = place;
    this.#manifests = manifests;
    this.#table = table;
  }

  /**
   * Returns a row's document, or undefined if rows do not follow the lines of a part, as in a delta made by
   * comparing two whole transforms.
   */
  async of({ part, row, link }: RowOrigin): Promise<ReportedSource | undefined> {
    const { source, mysql } = link?.manifests ?? this.#manifests;
    if (this.#part !== part || this.#lines === undefined) {
      const { namespace, table: name } = this.#table;
      this.#lines = await SourceLines.open(
        link?.folder ?? this.#place.folder,
        { source, made: mysql },
        { namespace, name, file: part.file },
        this.#place.identities,
      );
      this.#part = part;
    }
    const line = this.#lines.of(row);
    return line.part === ""
      ? undefined
      : { ...line, ...(link === undefined ? {} : { archive: link.archive }) };
  }
}
