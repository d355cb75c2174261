import { DOCUMENT_WORDS, type KeyBlock, KEY, KEY_WORDS, REFERENCE } from "../line-index/index-block.ts";
import { LineMarks } from "../line-index/line-marks.ts";
import { indexBlocks, keyBlocks, type BlocksOf, type IndexedPart } from "../line-index/open-index.ts";
import type { WordSet } from "../line-index/word-set.ts";
import type { KeyRange } from "../profile.ts";
import { KeySets } from "./key-sets.ts";
import { WaitingLines } from "./waiting-lines.ts";

/** The marks of lines of earlier links. The delta does not affect a line without a mark. */
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
  readonly marks: LineMarks;
  readonly group: string;
}

/** A group, and the one that its lines refer to. */
export interface GroupOfLines {
  readonly name: string;
  readonly refersTo: string | undefined;
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

/**
 * Marks the lines of earlier links that a delta affects: those that it supersedes, those that share a key with
 * changed ones, those that look up a changed key, and those that a rule about age now treats otherwise.
 * Whatever these share or look up is marked, too. It reads the keys once, and those of a group again whenever
 * lines were found that may share or look up some of them.
 */
export class AffectedLines {
  readonly #change: DeltaChange;
  readonly #sets: ReadonlyMap<string, KeySets>;
  readonly #targets: ReadonlyMap<string, KeySets | undefined>;

  constructor(change: DeltaChange) {
    this.#change = change;
    this.#sets = new Map(change.groups.map(({ name }) => [name, new KeySets()]));
    this.#targets = new Map(
      change.groups.map(({ name, refersTo }) => [
        name,
        refersTo === undefined ? undefined : this.#sets.get(refersTo),
      ]),
    );
  }

  /** Returns, by group, the keys of other lines that exist and that lines only ask for. */
  async mark(): Promise<ReadonlyMap<string, ReadonlySet<bigint>>> {
    const { fresh, earlier, identities, groups } = this.#change;
    for (const part of fresh)
      for await (const block of keyBlocks(part, identities))
        for (let i = 0; i < block.count; i++) {
          if (block.keyKind(i) === KEY.shared)
            this.#sets.get(part.group)!.addFresh(block.keys, i * KEY_WORDS);
          this.#note(part.group, block, i);
        }
    for (const part of earlier) await this.#takeChanged(part);
    const present = new Map(groups.map(({ name }) => [name, new Set<bigint>()]));
    // A group is read again as long as lines were found since that may share or look up keys of its lines.
    const read = new Map<string, number>();
    for (let isFirst = true; ; isFirst = false) {
      const due = groups.filter(({ name }) => (read.get(name) ?? 0) !== this.#wanted(name));
      if (due.length === 0) return present;
      const waiting = new WaitingLines<MarkedPart>();
      for (const { name } of due) {
        read.set(name, this.#wanted(name));
        const pass = { isFirst, waiting, keys: present.get(name)! };
        for (const part of earlier) {
          if (part.group !== name) continue;
          let first = 1;
          for await (const block of keyBlocks(part, identities)) {
            this.#takeDependents(part, block, first, pass);
            first += block.count;
          }
        }
      }
      for (const { part, number, line, block } of waiting.lines())
        if (this.#targets.get(part.group)!.hasOtherPresence(number)) this.#keep(part, { block, i: 0, line });
    }
  }

  /** Marks the lines of a part that the delta supersedes, and those in a range. */
  async #takeChanged(part: MarkedPart): Promise<void> {
    const { ranges, identities } = this.#change;
    const superseded = this.#change.superseded.get(part.namespace);
    if (superseded === undefined && ranges.length === 0) return;
    const sets = this.#sets.get(part.group)!;
    let line = 1;
    const take = (block: KeyBlock, isSuperseded: (i: number) => boolean): void => {
      for (let i = 0; i < block.count; i++, line++) {
        if (part.superseded.get(line) !== 0) continue;
        if (isSuperseded(i)) {
          part.marks.set(line, MARK.gone);
          if (block.keyKind(i) === KEY.shared) sets.addGone(block.keys, i * KEY_WORDS);
          this.#note(part.group, block, i);
        } else if (ranges.length > 0 && isInRanges(block, i, ranges)) this.#keep(part, { block, i, line });
      }
    };
    if (typeof superseded === "object")
      for await (const { keys, documents } of indexBlocks(part, identities))
        take(keys, (i) => superseded.has(documents.documents, i * DOCUMENT_WORDS));
    else for await (const block of keyBlocks(part, identities)) take(block, () => superseded === "all");
  }

  /** Marks the lines of a block that depend on lines that are mapped, or that these look up. */
  #takeDependents(part: MarkedPart, block: KeyBlock, first: number, pass: Pass): void {
    const { marks, superseded, group } = part;
    const sets = this.#sets.get(group)!;
    const target = this.#targets.get(group);
    const { isFirst, keys, waiting } = pass;
    for (let i = 0; i < block.count; i++) {
      const line = first + i;
      if (superseded.get(line) !== 0) continue;
      const place = i * KEY_WORDS;
      const kind = block.keyKind(i);
      if (isFirst && kind === KEY.shared) sets.countBefore(block.keys, place);
      const mark = marks.get(line);
      if (mark === MARK.gone || mark === MARK.kept) continue;
      const reference = block.referenceKind(i);
      const number =
        target !== undefined && reference >= REFERENCE.presence
          ? target.changed.numberOf(block.references, place)
          : -1;
      if (
        (number >= 0 && reference === REFERENCE.value) ||
        (kind !== KEY.none && sets.shared.has(block.keys, place))
      ) {
        this.#keep(part, { block, i, line });
        continue;
      }
      if (isFirst && number >= 0 && !target!.isReplaced(number)) waiting.add(part, line, number, block, i);
      if (kind !== KEY.shared) continue;
      if (sets.values.has(block.keys, place)) marks.set(line, MARK.looked);
      else if (sets.presences.has(block.keys, place)) keys.add(numberAt(block.keys, place));
    }
  }

  #keep(part: MarkedPart, { block, i, line }: LineAt): void {
    part.marks.set(line, MARK.kept);
    this.#note(part.group, block, i);
  }

  /** Notes what a line that is mapped shares with others, and what it looks up. */
  #note(group: string, block: KeyBlock, i: number): void {
    const place = i * KEY_WORDS;
    if (block.keyKind(i) !== KEY.none) this.#sets.get(group)!.shared.add(block.keys, place);
    const target = this.#targets.get(group);
    const reference = block.referenceKind(i);
    // All lines with a shared key are mapped anyway.
    if (target === undefined || reference < REFERENCE.presence || target.shared.has(block.references, place))
      return;
    if (reference === REFERENCE.value) target.values.add(block.references, place);
    target.presences.add(block.references, place);
  }

  /** Returns the number of keys because of which lines of a group are marked. It only grows. */
  #wanted(group: string): number {
    const { shared, values, presences } = this.#sets.get(group)!;
    const target = this.#targets.get(group);
    return shared.size + values.size + presences.size + (target?.changed.size ?? 0);
  }
}

interface LineAt {
  readonly block: KeyBlock;
  readonly i: number;
  readonly line: number;
}

interface Pass {
  readonly isFirst: boolean;
  readonly keys: Set<bigint>;
  readonly waiting: WaitingLines<MarkedPart>;
}

/** True if the key that a line refers to, or its own if it refers to none, is in one of the ranges. */
function isInRanges(block: KeyBlock, i: number, ranges: readonly KeyRange[]): boolean {
  const hasReference = block.referenceKind(i) !== REFERENCE.none;
  if (!hasReference && block.keyKind(i) !== KEY.shared) return false;
  const key = BigInt.asIntN(64, numberAt(hasReference ? block.references : block.keys, i * KEY_WORDS));
  return ranges.some(({ from, to }) => key < to && (from === undefined || key >= from));
}

function numberAt(words: Uint32Array, at: number): bigint {
  return (BigInt(words[at + 1]!) << 32n) | BigInt(words[at]!);
}
