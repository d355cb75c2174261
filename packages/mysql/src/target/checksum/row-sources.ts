import { SourceLines, type MysqlTable, type PartEntry } from "@firebreak/archive";
import type { RowsPlace } from "./expected-rows.ts";
import type { RowOrigin, Manifests } from "./expected-rows.ts";
import type { ReportedSource } from "@firebreak/target";

/**
 * Finds the documents of rows. Rows come in the order of parts, repeatedly: the current part's lines stay.
 */
export class RowSources {
  readonly #of: { readonly place: RowsPlace; readonly manifests: Manifests; readonly table: MysqlTable };
  #part: PartEntry | undefined;
  #lines: SourceLines | undefined;

  constructor(place: RowsPlace, manifests: Manifests, table: MysqlTable) {
    this.#of = { place, manifests, table };
  }

  /**
   * Returns a row's document, or undefined if rows do not follow the lines of a part, as in a delta made by
   * comparing two whole transforms.
   */
  async of({ part, row, link }: RowOrigin): Promise<ReportedSource | undefined> {
    const { place, manifests, table } = this.#of;
    const { source, mysql } = link?.manifests ?? manifests;
    if (this.#part !== part || this.#lines === undefined) {
      this.#lines = await SourceLines.open(
        link?.folder ?? place.folder,
        { source, made: mysql },
        { namespace: table.namespace, name: table.table, file: part.file },
        place.identities,
      );
      this.#part = part;
    }
    const line = this.#lines.of(row);
    return line.part === ""
      ? undefined
      : { ...line, ...(link === undefined ? {} : { archive: link.archive }) };
  }
}
