import { lineWrong } from "../line-problem.ts";
import type { LineProblem } from "../../archive-reasons.ts";
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
