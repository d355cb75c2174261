import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Vectors {
  readonly epochMs: string;
  readonly messageIds: readonly {
    readonly instant: string;
    readonly node: number;
    readonly rotate: number;
    readonly id: string;
    readonly tableShanghai: number;
    readonly tableUtc: number;
  }[];
  readonly userTables: readonly { readonly uid: string; readonly javaHash: number; readonly table: number }[];
  readonly pairKeys: readonly (readonly [string, string, string])[];
  readonly content: readonly {
    readonly what: string;
    readonly plainHex: string;
    readonly xorHex?: string;
  }[];
}

const file = join(import.meta.dirname, "../../../../../shared/vectors/wildfirechat.json");

/** The vectors of the storage layout, from outside the project; undefined where they are missing. */
export const vectors: Vectors | undefined = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as Vectors)
  : undefined;

export const why = vectors === undefined ? ` (skipped: no ${file})` : "";
