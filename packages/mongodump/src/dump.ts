import type { LeftOut, SourceCollection } from "@firebreak/archive";

/** The collections that were asked for in the output of mongodump, in any of its forms. */
export interface Dump {
  /** Sorted by namespace. */
  readonly collections: readonly SourceCollection[];
  /** The version of the server that was dumped, if the dump contains it. */
  readonly serverVersion: string | undefined;
  readonly remarks: readonly DumpRemark[];
  /** The operations that happened while the dump was made, if it was made with `--oplog`. */
  readonly oplog: DumpOplog | undefined;
  /** Collections that were asked for and are left out nevertheless. */
  readonly leftOut: readonly LeftOut[];

  /** Groups these collections by reading pass: each alone, or all together if they are interleaved. */
  readingGroups(namespaces: readonly string[]): readonly (readonly string[])[];

  /**
   * Yields the documents of collections, those of one collection in their order. Each batch is valid until
   * the next is asked for.
   *
   * @throws {FirebreakError} `dump-damaged` or `dump-file-missing`: then the documents already read are not
   * valid either.
   */
  read(namespaces: readonly string[]): AsyncGenerator<DumpBatch>;
}

/** The oplog of a dump. */
export interface DumpOplog {
  /** The file that contains it. It may contain the whole dump. */
  readonly path: string;

  /**
   * Yields its entries as BSON, several at a time, valid until the next are asked for. Throws as `read` does.
   */
  entries(): AsyncGenerator<readonly Buffer[]>;
}

/** Some documents of a collection. `isLast` marks its last batch, which an empty collection has too. */
export interface DumpBatch {
  readonly namespace: string;
  readonly documents: readonly Buffer[];
  readonly isLast: boolean;
}

/**
 * The prefix of the name under which a dump has a time-series collection's documents: its buckets, as the
 * server stores them.
 */
export const BUCKETS_PREFIX = "system.buckets.";

/** A remark about a dump that can be read nevertheless. */
export type DumpRemark =
  | {
      readonly code: "dump-one-database";
      readonly fields: { readonly path: string; readonly database: string };
    }
  | { readonly code: "dump-files-unknown"; readonly fields: { readonly files: readonly string[] } }
  | { readonly code: "dump-undescribed"; readonly fields: { readonly namespaces: readonly string[] } };

/** The findings about a dump that become remarks. */
interface Findings {
  /** The database of the dump, if only the folder's name says which it is. */
  readonly only: { readonly path: string; readonly database: string } | undefined;
  readonly unknownFiles: readonly string[];
  /** Namespaces without metadata. */
  readonly undescribed: readonly string[];
}

export function remarksOn({ only, unknownFiles, undescribed }: Findings): DumpRemark[] {
  const remarks: DumpRemark[] = [];
  if (only !== undefined) remarks.push({ code: "dump-one-database", fields: only });
  if (unknownFiles.length > 0) remarks.push({ code: "dump-files-unknown", fields: { files: unknownFiles } });
  if (undescribed.length > 0) remarks.push({ code: "dump-undescribed", fields: { namespaces: undescribed } });
  return remarks;
}
