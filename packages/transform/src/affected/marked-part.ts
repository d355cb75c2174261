import type { BlocksOf, IndexedPart } from "../line-index/open-index.ts";
import type { PartMarks } from "../line-index/part-marks.ts";
import type { WordSet } from "../line-index/word-set.ts";
import type { KeyRange } from "../profile.ts";

/** The marks of lines of earlier links. The rows of a line without a mark stay as they are. */
export const MARK = {
  /** The delta supersedes it. It is mapped as it was before. */
  gone: 1,
  /** Its rows may depend on what changed. It is mapped before and after. */
  kept: 2,
  /** Other lines look up its value. */
  looked: 3,
} as const;

/** A part of an earlier link, and the marks of its lines. */
export interface MarkedPart extends IndexedPart {
  readonly marks: PartMarks;
  readonly group: string;
}

/** A group, and the one that its lines refer to. */
export interface GroupOfLines {
  readonly name: string;
  readonly refersTo: string | undefined;
}

/** A line of an earlier link that asks for a key which the delta brings or takes away. */
export interface TurnedLine {
  readonly part: MarkedPart;
  readonly key: bigint;
  /** True if there is no line with the key any more. */
  readonly isAbsent: boolean;
}

/** Lines and keys that `AffectedLines` finds and does not mark. */
export interface FoundKeys {
  /** The keys that exist and that mapped lines only ask for, by group. */
  readonly present: ReadonlyMap<string, ReadonlySet<bigint>>;
  /** The lines that are not mapped: their rows stay, but the key that they ask for came or went. */
  readonly turned: Iterable<TurnedLine>;
}

export interface DeltaChange {
  readonly groups: readonly GroupOfLines[];
  readonly earlier: readonly MarkedPart[];
  /** The index of the delta's own lines. */
  readonly fresh: readonly (BlocksOf & { readonly group: string })[];
  /** The hashes of documents that the delta supersedes, by namespace. "all" if it supersedes all. */
  readonly superseded: ReadonlyMap<string, WordSet | "all">;
  readonly ranges: readonly KeyRange[];
  readonly identities: readonly string[];
}

/** True for the mark of a line that is mapped anyway. */
export function isMapped(mark: number): boolean {
  return mark === MARK.gone || mark === MARK.kept;
}
