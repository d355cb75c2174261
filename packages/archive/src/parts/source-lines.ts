import { basename, dirname } from "node:path";
import { z } from "zod";
import type { MongodbManifest } from "../manifest/mongodb-manifest.ts";
import type { MysqlManifest } from "../manifest/mysql-manifest.ts";
import type { PartEntry } from "../manifest/schema-parts.ts";
import { readRefusedLines } from "./refused-lines.ts";

/** The place of a document in an archive. */
export interface SourceLine {
  readonly namespace: string;
  readonly part: string;
  /** Counts from 1. */
  readonly line: number;
}

/** The place of rows or documents that transform made: a table, or a collection of MongoDB. */
export interface MadePlace {
  /** The namespace of the source. */
  readonly namespace: string;
  readonly name: string;
  /** The file of the part that transform made. */
  readonly file: string;
}

/** The manifests of an archive, as far as they tell which line a row comes from. */
export interface LinesOf {
  readonly source: {
    readonly namespaces: readonly {
      readonly namespace: string;
      readonly parts: readonly { readonly file: string }[];
    }[];
  };
  readonly made: { readonly namespaces: (MysqlManifest | MongodbManifest)["namespaces"] };
}

/** The entry of a line in quarantine and in lists. */
const useSchema = z.object({
  namespace: z.string(),
  part: z.string(),
  line: z.number(),
  to: z.string().nullable().optional(),
});
type Use = z.infer<typeof useSchema>;

/** `from-orders_3-00012`: a part of lines that were in part 00012 of another collection. */
const MOVED_PART = /^from-(.+)-(\d+)$/;

/**
 * Finds the line of the source that a row or document was made of. The rows of a part are in the order of the
 * lines of the source part with the same name, without those that transform put in quarantine, left out or
 * moved elsewhere. The rows of a part of moved lines are in the order of their list.
 */
export class SourceLines {
  readonly #namespace: string;
  readonly #part: string;
  readonly #without: readonly number[];
  readonly #moved: readonly Use[] | undefined;

  private constructor(
    { namespace, part }: Pick<SourceLine, "namespace" | "part">,
    without: readonly number[],
    moved: readonly Use[] | undefined,
  ) {
    this.#namespace = namespace;
    this.#part = part;
    this.#without = without;
    this.#moved = moved;
  }

  /**
   * @param folder the folder that transform wrote.
   * @throws {FirebreakError} for a quarantine file or a list that is not as the manifest says.
   */
  static async open(
    folder: string,
    { source, made }: LinesOf,
    { namespace, name, file }: MadePlace,
    identities?: readonly string[],
  ): Promise<SourceLines> {
    const usesOf = async function* (entry: PartEntry | undefined): AsyncGenerator<Use> {
      if (entry !== undefined)
        yield* readRefusedLines(folder, entry, identities, (value) => useSchema.parse(value));
    };
    const own = partName(file);
    const [, from, number] = MOVED_PART.exec(own) ?? [];
    if (from !== undefined) {
      const entry = made.namespaces
        .flatMap((n) => n.listed ?? [])
        .find((l) => basename(dirname(l.file)) === from && partName(l.file) === number);
      const moved: Use[] = [];
      for await (const use of usesOf(entry)) if (use.to === name) moved.push(use);
      return new SourceLines({ namespace, part: "" }, [], moved);
    }
    const part = source.namespaces
      .find((n) => n.namespace === namespace)
      ?.parts.find((p) => partName(p.file) === own);
    const ofTable = made.namespaces.find((n) => n.namespace === namespace);
    const find = (entries: readonly PartEntry[] = []): PartEntry | undefined =>
      entries.find((e) => partName(e.file) === own);
    const without: number[] = [];
    for await (const { line } of usesOf(find(ofTable?.quarantine))) without.push(line);
    for await (const { line, to } of usesOf(find(ofTable?.listed))) if (to !== undefined) without.push(line);
    without.sort((a, b) => a - b);
    return new SourceLines({ namespace, part: part?.file ?? "" }, without, undefined);
  }

  /** @param row counts from 1. */
  of(row: number): SourceLine {
    const moved = this.#moved?.[row - 1];
    if (moved !== undefined) return { namespace: moved.namespace, part: moved.part, line: moved.line };
    return { namespace: this.#namespace, part: this.#part, line: row + this.#countBefore(row) };
  }

  /**
   * Counts the lines without a row before the line of a row: each of them has fewer than `row` others before
   * it.
   */
  #countBefore(row: number): number {
    let [low, high] = [0, this.#without.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#without[middle]! - middle <= row) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Returns `00012` for `source/db/collection/00012.ndjson.zst.age`. */
function partName(file: string): string {
  return basename(file).replace(/\..*$/, "");
}
