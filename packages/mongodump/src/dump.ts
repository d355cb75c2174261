import type { LeftOut, SourceCollection } from "@firebreak/archive";
import type { DumpRemark } from "./dump-remark.ts";

/** What mongodump wrote of the collections that were asked for, whichever of its forms it has. */
export interface Dump {
  /** Sorted by namespace. */
  readonly collections: readonly SourceCollection[];
  /** Of the server it was taken from, where the dump tells. */
  readonly serverVersion: string | undefined;
  readonly remarks: readonly DumpRemark[];
  /** What happened while the dump was made, where it was made with `--oplog`. */
  readonly oplog: DumpOplog | undefined;
  /** What was asked for, and is left out all the same. */
  readonly leftOut: readonly LeftOut[];

  /** These collections in groups that are read in one go: alone each, or all of them where they are interleaved. */
  readingGroups(namespaces: readonly string[]): readonly (readonly string[])[];

  /**
   * The documents of collections, each collection's own in their order. What
   * is yielded is good until the next is asked for.
   *
   * @throws {FirebreakError} `dump-damaged`, `dump-file-missing`; what was read before is then worth nothing.
   */
  read(namespaces: readonly string[]): AsyncGenerator<DumpBatch>;
}

/** The oplog of a dump. */
export interface DumpOplog {
  /** The file that it is in, which may have all of the dump. */
  readonly path: string;

  /** Its entries as BSON, some at a time, good until the next are asked for; throws as `read` does. */
  entries(): AsyncGenerator<readonly Buffer[]>;
}

/** Some documents of a collection; its last batch says so, and is there for an empty collection too. */
export interface DumpBatch {
  readonly namespace: string;
  readonly documents: readonly Buffer[];
  readonly isLast: boolean;
}

/** Where a time-series collection's documents are in a dump: its buckets, as the server stores them. */
export const BUCKETS_PREFIX = "system.buckets.";
