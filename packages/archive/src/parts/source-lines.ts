import { basename, join } from "node:path";
import type { MysqlManifest, MysqlTable, TablePart } from "../manifest/mysql-manifest.ts";
import type { MongodbManifest } from "../manifest/mongodb-manifest.ts";
import type { SourceManifest } from "../manifest/source-manifest.ts";
import { readPart } from "./part-reader.ts";

/** Where a document stands in an archive. */
export interface SourceLine {
  readonly part: string;
  /** From 1. */
  readonly line: number;
}

/**
 * Finds the line of the source that a row or document was made of: those of a part are in the order
 * of the lines of the source part of the same name, without those that transform
 * put in quarantine.
 */
export class SourceLines {
  readonly #part: string;
  readonly #setAside: readonly number[];

  private constructor(part: string, setAside: readonly number[]) {
    this.#part = part;
    this.#setAside = setAside;
  }

  /**
   * @param folder where transform wrote.
   * @throws {FirebreakError} of a quarantine file that is not as the manifest says.
   */
  static async open(
    folder: string,
    { source, made }: { readonly source: SourceManifest; readonly made: MysqlManifest | MongodbManifest },
    table: Pick<MysqlTable, "namespace">,
    part: Pick<TablePart, "file">,
    identities?: readonly string[],
  ): Promise<SourceLines> {
    const name = partName(part.file);
    const ofTable = <T extends { readonly namespace: string }>(namespaces: readonly T[]): T | undefined =>
      namespaces.find((n) => n.namespace === table.namespace);
    const sourcePart = ofTable(source.namespaces)?.parts.find((p) => partName(p.file) === name);
    const quarantined = ofTable(made.namespaces)?.quarantine.find((q) => partName(q.file) === name);
    const lines: number[] = [];
    if (quarantined !== undefined) {
      let text = "";
      const { file } = quarantined;
      for await (const block of readPart(join(folder, file), file, quarantined, { identities })) {
        const whole = (text + block.toString("latin1")).split("\n");
        text = whole.pop() ?? "";
        for (const line of whole) lines.push((JSON.parse(line) as { line: number }).line);
      }
    }
    lines.sort((a, b) => a - b);
    return new SourceLines(sourcePart?.file ?? "", lines);
  }

  /** @param row from 1. */
  of(row: number): SourceLine {
    let line = row;
    for (const setAside of this.#setAside) if (setAside <= line) line++;
    return { part: this.#part, line };
  }
}

/** `00012` of `source/db/collection/00012.ndjson.zst.age`. */
function partName(file: string): string {
  return basename(file).replace(/\..*$/, "");
}
