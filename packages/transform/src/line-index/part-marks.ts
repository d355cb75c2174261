import { LineMarks } from "./line-marks.ts";

/** The place of a line in its part, and among the lines that its index has copies of. Both count from 1. */
export interface LinePlace {
  readonly line: number;
  /** 0 if there is no copy. */
  readonly copy: number;
}

/** The marks of a part's lines, and of their copies in its index. */
export class PartMarks {
  readonly lines: LineMarks;
  /** The marks of the copies. Undefined if there are none, or if a line without a copy is marked. */
  copies: LineMarks | undefined;

  constructor(lineCount: number, copyCount: number) {
    this.lines = new LineMarks(lineCount);
    this.copies = copyCount === 0 ? undefined : new LineMarks(copyCount);
  }

  set({ line, copy }: LinePlace, mark: number): void {
    this.lines.set(line, mark);
    if (copy === 0) this.copies = undefined;
    else this.copies?.set(copy, mark);
  }
}
