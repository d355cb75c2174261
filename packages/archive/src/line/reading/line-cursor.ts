import { type LineProblem, archiveReason } from "../../archive-faults.ts";
import { ReasonError } from "../../reasons.ts";

/** Makes the error of a line that does not decode. The byte counts from 1; none is where the line ends. */
export function lineWrong(
  problem: LineProblem,
  byte: number | undefined,
  detail?: string | number,
): ReasonError {
  return new ReasonError(archiveReason("line-wrong", { problem, detail, byte }));
}

/**
 * The bytes of one line with a reading position. Readers look at `source[at]` themselves and may look beyond
 * `end`, at other lines or nothing. A line is valid only if its reading stops exactly at `end`.
 */
export class LineCursor {
  source: Buffer = Buffer.alloc(0);
  at = 0;
  end = 0;
  /** True if every byte read so far in strings is below 0x80; if not, the line must be proved to be UTF-8. */
  isAscii = true;
  #start = 0;

  open(source: Buffer, start: number, end: number): void {
    this.source = source;
    this.#start = start;
    this.at = start;
    this.end = end;
    this.isAscii = true;
  }

  /** Steps over these bytes if they come next. Otherwise it stays and returns false. */
  take(bytes: Uint8Array): boolean {
    const { source, at } = this;
    for (let i = 0; i < bytes.length; i++) if (source[at + i] !== bytes[i]) return false;
    this.at = at + bytes.length;
    return true;
  }

  /** Steps over these bytes, which must come next. */
  expect(bytes: Uint8Array): void {
    if (!this.take(bytes)) this.fail("token-missing", this.at, Buffer.from(bytes).toString("latin1"));
  }

  /** @throws Error always, with the reason why the line is invalid and the byte, counted from 1. */
  fail(problem: LineProblem, at: number = this.at, detail?: string | number): never {
    throw lineWrong(problem, at < this.end ? at - this.#start + 1 : undefined, detail);
  }
}

/** The value of each byte as a lower-case hexadecimal digit; -1 for bytes that are none. */
export const HEX_DIGIT: Int8Array = new Int8Array(256).fill(-1);
for (let digit = 0; digit < 16; digit++) HEX_DIGIT[digit.toString(16).charCodeAt(0)] = digit;
