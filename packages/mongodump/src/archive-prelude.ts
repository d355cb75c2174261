import { BSON } from "bson";
import { cutArchive, MAGIC_BYTES } from "./archive-stream.ts";
import { DocumentCutter, isTerminator } from "./document-cutter.ts";
import { dumpReason } from "./mongodump-reasons.ts";

/** The entry of one collection at the beginning of an archive. */
export interface PreludeEntry {
  readonly database: string;
  readonly collection: string;
  readonly type: string;
  /** The text of a `metadata.json`. Empty if there is none. */
  readonly metadata: string;
}

export interface Prelude {
  readonly serverVersion: string | undefined;
  readonly entries: readonly PreludeEntry[];
}

/**
 * Reads the beginning of an archive, which lists its collections.
 *
 * @throws {FirebreakError} `dump-foreign` or `dump-damaged`.
 */
export async function readPrelude(file: string): Promise<Prelude> {
  const cutter = new DocumentCutter(file, MAGIC_BYTES);
  const entries: PreludeEntry[] = [];
  let header: ReadonlyMap<string, unknown> | undefined;
  for await (const units of cutArchive(file, cutter))
    for (const unit of units) {
      if (isTerminator(unit)) {
        if (header === undefined)
          throw cutter.damage(dumpReason("terminator-misplaced", { instead: "header" }));
        return { serverVersion: textIn(header, "server_version") || undefined, entries };
      }
      const fields = smallDocument(unit, cutter);
      if (header === undefined) header = fields;
      else
        entries.push({
          database: textIn(fields, "db"),
          collection: textIn(fields, "collection"),
          type: textIn(fields, "type"),
          metadata: textIn(fields, "metadata"),
        });
    }
  throw cutter.damage(dumpReason("prelude-cut-short"));
}

/**
 * Decodes a document of the archive itself into a map of its fields.
 *
 * @throws {FirebreakError} `dump-damaged`
 */
export function smallDocument(unit: Buffer, cutter: DocumentCutter): ReadonlyMap<string, unknown> {
  try {
    return new Map(Object.entries(BSON.deserialize(unit, { useBigInt64: true })));
  } catch {
    throw cutter.damage(dumpReason("header-no-bson"));
  }
}

export function textIn(fields: ReadonlyMap<string, unknown>, name: string): string {
  const value = fields.get(name);
  return typeof value === "string" ? value : "";
}
