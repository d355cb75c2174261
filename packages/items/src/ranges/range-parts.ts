import type { PartEntry } from "@firebreak/archive";
import { PartSequence, type PartTarget } from "./part-sequence.ts";
import { provedLines } from "./proved-lines.ts";

/** The place of a namespace's parts, with their size and encryption. */
export interface PartsTarget extends Pick<PartTarget, "recipients" | "partBytes"> {
  readonly out: string;
  readonly directory: string;
}

/**
 * Writes lines as sealed parts, named and cut as an export does it. A part has the number of its range; if
 * the range outgrows `partBytes`, it continues in `NUMBER-001`. Each line is decoded first.
 *
 * @throws {FirebreakError} `line-unproved`, `disk-full` or `disk-failed`; the caller must then abandon it.
 */
export class RangeParts {
  readonly #target: PartsTarget;
  readonly #parts: PartEntry[] = [];
  readonly #lines = provedLines<string>(() => this.#sequence.place);
  #range = 0;
  #sequence: PartSequence<string>;

  constructor(target: PartsTarget) {
    this.#target = target;
    this.#sequence = this.#sequenceOf(0);
  }

  /**
   * @param line in byte text.
   * @param range its number, never less than that of the line before.
   */
  async write(line: string, range: number): Promise<void> {
    if (range !== this.#range) {
      await this.finish();
      this.#range = range;
      this.#sequence = this.#sequenceOf(range);
    }
    await this.#sequence.gather([line]);
  }

  async finish(): Promise<PartEntry[]> {
    this.#parts.push(...(await this.#sequence.finish()).parts);
    return this.#parts;
  }

  async abandon(): Promise<void> {
    await this.#sequence.abandon();
  }

  #sequenceOf(range: number): PartSequence<string> {
    const { out: archive, directory, recipients, partBytes } = this.#target;
    const fileOf = (sequence: number): string => rangeFile(directory, range, sequence);
    return new PartSequence({ archive, recipients, partBytes, fileOf }, this.#lines);
  }
}

/** Returns the file of one part of a range; parts are counted from 0. */
export function rangeFile(directory: string, range: number, sequence: number): string {
  const suffix = sequence === 0 ? "" : `-${String(sequence).padStart(3, "0")}`;
  return `${directory}/${numbered(range)}${suffix}.ndjson.zst`;
}

/**
 * Returns the file of one part of lines that are in no ranges; parts are counted from 0.
 *
 * @param prefix tells several sequences in one folder apart.
 */
export function sequenceFile(directory: string, sequence: number, prefix: string = ""): string {
  return `${directory}/${prefix}${numbered(sequence)}.ndjson.zst`;
}

function numbered(index: number): string {
  return String(index).padStart(5, "0");
}
