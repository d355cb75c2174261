import type { ExtraCount, ReadLine } from "@firebreak/archive";
import type { MappedDocument } from "../collections/document-mapper.ts";

/** Maps the lines of one source part to rows or documents of one or more targets. */
export interface LineMapper<Item> {
  /**
   * Returns a number of 64 bits, signed or not, that is the line's key or its hash. Returns undefined if the
   * line has no key that must be unique.
   */
  keyOf(read: ReadLine): bigint | undefined;
  /** Returns the outcome for a line. It is valid until the next call. */
  map(read: ReadLine): MappedLine<Item>;
  /** Returns what the mapper found in the rows that it made. */
  findings?(): Findings;
}

export type MappedLine<Item> =
  | {
      readonly kind: "mapped";
      readonly outputs: readonly Item[];
      /** The rules that were applied. They are counted, and listed if the plan says so. */
      readonly remarks: readonly string[];
      readonly duplicate?: PossibleDuplicate | undefined;
    }
  | (Refused & {
      readonly kind: "quarantine";
      /** The rules that apply to the line although it cannot be transformed. */
      readonly remarks?: readonly string[] | undefined;
      readonly duplicate?: PossibleDuplicate | undefined;
    })
  | { readonly kind: "skipped"; readonly by: string };

/**
 * The facts of a line that decide between lines with one key, if not all of them can be transformed. A line
 * that cannot be transformed for a reason of its own has them too.
 */
export interface PossibleDuplicate {
  /** The exact key, even if `keyOf` returns a hash. */
  readonly key: string;
  /** A text that is equal in lines that state the same thing twice. */
  readonly identity: string;
  /** The rank among lines with equal identity. The highest stays. */
  readonly rank: bigint;
}

/** The reason why a line goes to quarantine, and the field to blame. */
export interface Refused {
  readonly reason: string;
  readonly field: string;
}

/** The decision about a line that shares its key. Lines that stay have none. */
export type LineDecision = { readonly kind: "collapsed" } | ({ readonly kind: "quarantine" } & Refused);

/** The decision between lines with one key. */
export interface DuplicateDecision {
  /** The index of the line that stays. Undefined if none does. */
  readonly kept: number | undefined;
  /** The decision about the others. */
  readonly others: LineDecision;
}

export interface TargetRow {
  /** The index of the row's table among the targets. */
  readonly target: number;
  /** The cells as byte text, one for each column. */
  readonly cells: (string | null)[];
}

export interface TargetDocument {
  /** The index of the document's collection among the targets. */
  readonly target: number;
  readonly document: Exclude<MappedDocument, { readonly kind: "quarantine" }>;
}

/** Facts of a part's rows that the manifest names. */
export interface Findings {
  /** True if a table of MySQL has dates that no calendar has. */
  readonly hasOddDates?: boolean;
  /** True if a table of MySQL has JSON documents that contain a DECIMAL. */
  readonly hasJsonDecimals?: boolean;
  /** True if a table of MySQL has an ENUM with its error value 0. */
  readonly hasEnumZeros?: boolean;
  /** The counts of values in `_extra`. */
  readonly extra?: readonly ExtraCount[];
}
