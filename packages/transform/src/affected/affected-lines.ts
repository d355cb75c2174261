import { DOCUMENT_WORDS, type KeyBlock, KEY, KEY_WORDS, REFERENCE } from "../line-index/index-block.ts";
import { indexBlocks, keyBlocks } from "../line-index/open-index.ts";
import type { LinePlace } from "../line-index/part-marks.ts";
import type { KeyRange } from "../profile.ts";
import { KeySets } from "./key-sets.ts";
import {
  isMapped,
  MARK,
  type DeltaChange,
  type FoundKeys,
  type MarkedPart,
  type TurnedLine,
} from "./marked-part.ts";
import { OwnKeys } from "./own-keys.ts";
import { WaitingLines } from "./waiting-lines.ts";

/**
 * Marks the lines of earlier links that a delta affects: those that it supersedes, those that share a key with
 * changed ones, those that take a value from a line with a changed key, and those that a rule about age now
 * treats otherwise. Whatever these share or look up is marked, too. Lines that only ask if there is a key are not:
 * it returns those for which the answer turned.
 *
 * It reads the keys once, and those of a part again whenever lines were found that may share or look up some of
 * them.
 */
export class AffectedLines {
  readonly #change: DeltaChange;
  readonly #sets: ReadonlyMap<string, KeySets>;
  readonly #own = new Map<MarkedPart, OwnKeys>();
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

  async mark(): Promise<FoundKeys> {
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
    const waiting = new WaitingLines<MarkedPart>();
    const ownKeysOf = OwnKeys.forLines(earlier.reduce((sum, { part }) => sum + part.lineCount, 0));
    for (let isFirst = true; ; isFirst = false) {
      const due = groups.filter(({ name }) => (read.get(name) ?? 0) !== this.#wanted(name));
      if (due.length === 0) {
        this.#own.clear();
        return { present, turned: this.#turned(waiting) };
      }
      for (const { name } of due) {
        read.set(name, this.#wanted(name));
        const pass = { isFirst, waiting, keys: present.get(name)! };
        for (const part of earlier) {
          if (part.group !== name) continue;
          if (!isFirst && !this.#mayDepend(part)) continue;
          const own = isFirst ? ownKeysOf(part.part.lineCount) : undefined;
          let end: LinePlace = START;
          for await (const block of keyBlocks(part, identities)) {
            end = this.#takeDependents(part, block, end, pass);
            own?.add(block);
          }
          if (own !== undefined) this.#own.set(part, own);
        }
      }
    }
  }

  /** Returns false if no more lines of a part, which was read before, can be marked. */
  #mayDepend(part: MarkedPart): boolean {
    const { marks, superseded, group } = part;
    const isSettled = (line: number): boolean =>
      superseded.get(line) !== 0 || isMapped(marks.lines.get(line));
    return this.#own.get(part)?.hasAny(this.#sets.get(group)!, isSettled) ?? true;
  }

  *#turned(waiting: WaitingLines<MarkedPart>): Generator<TurnedLine> {
    for (const { part, line, key, number } of waiting.lines()) {
      const target = this.#targets.get(part.group)!;
      if (!isMapped(part.marks.lines.get(line)) && target.hasOtherPresence(number))
        yield { part, key, isAbsent: target.isAbsentAfter(number) };
    }
  }

  /** Marks the lines of a part that the delta supersedes, and those in a range. */
  async #takeChanged(part: MarkedPart): Promise<void> {
    const { ranges, identities } = this.#change;
    const superseded = this.#change.superseded.get(part.namespace);
    if (superseded === undefined && ranges.length === 0) return;
    const sets = this.#sets.get(part.group)!;
    let [line, copies] = [0, 0];
    const take = (block: KeyBlock, isSuperseded: (i: number) => boolean): void => {
      for (let i = 0; i < block.count; i++) {
        line++;
        const copy = block.referenceKind(i) === REFERENCE.value ? ++copies : 0;
        if (part.superseded.get(line) !== 0) continue;
        if (isSuperseded(i)) {
          part.marks.set({ line, copy }, MARK.gone);
          if (block.keyKind(i) === KEY.shared) sets.addGone(block.keys, i * KEY_WORDS);
          this.#note(part.group, block, i);
        } else if (ranges.length > 0 && isInRanges(block, i, ranges))
          this.#keep(part, { block, i, line, copy });
      }
    };
    if (typeof superseded === "object")
      for await (const { keys, documents } of indexBlocks(part, identities))
        take(keys, (i) => superseded.has(documents.documents, i * DOCUMENT_WORDS));
    else for await (const block of keyBlocks(part, identities)) take(block, () => superseded === "all");
  }

  /**
   * Marks the lines of a block that depend on lines that are mapped, or that these look up.
   *
   * @param before the place of the last line before the block.
   * @returns that of its last line, with the number of copies up to there.
   */
  #takeDependents(part: MarkedPart, block: KeyBlock, before: LinePlace, pass: Pass): LinePlace {
    const { marks, superseded, group } = part;
    const sets = this.#sets.get(group)!;
    const target = this.#targets.get(group);
    const { isFirst, keys, waiting } = pass;
    let { line, copy: copies } = before;
    for (let i = 0; i < block.count; i++) {
      line++;
      const reference = block.referenceKind(i);
      const copy = reference === REFERENCE.value ? ++copies : 0;
      if (superseded.get(line) !== 0) continue;
      const place = i * KEY_WORDS;
      const kind = block.keyKind(i);
      if (isFirst && kind === KEY.shared) sets.countBefore(block.keys, place);
      if (isMapped(marks.lines.get(line))) continue;
      const number =
        target !== undefined && reference >= REFERENCE.presence
          ? target.changed.numberOf(block.references, place)
          : -1;
      if (
        (number >= 0 && reference === REFERENCE.value) ||
        (kind !== KEY.none && sets.shared.has(block.keys, place))
      ) {
        this.#keep(part, { block, i, line, copy });
        continue;
      }
      if (isFirst && number >= 0 && !target!.isReplaced(number))
        waiting.add(part, line, block.references, place, number);
      if (kind !== KEY.shared) continue;
      if (sets.values.has(block.keys, place)) marks.set({ line, copy }, MARK.looked);
      else if (sets.presences.has(block.keys, place)) keys.add(numberAt(block.keys, place));
    }
    return { line, copy: copies };
  }

  #keep(part: MarkedPart, { block, i, ...place }: LineAt): void {
    part.marks.set(place, MARK.kept);
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

/** The place before the first line. */
const START: LinePlace = { line: 0, copy: 0 };

interface LineAt extends LinePlace {
  readonly block: KeyBlock;
  readonly i: number;
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
