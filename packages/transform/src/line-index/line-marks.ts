/** Marks of a part's lines, one byte for each line, in memory from the first mark on. */
export class LineMarks {
  readonly #lineCount: number;
  #marks: Uint8Array | undefined;

  constructor(lineCount: number) {
    this.#lineCount = lineCount;
  }

  get isEmpty(): boolean {
    return this.#marks === undefined;
  }

  /** @param line counts from 1. */
  set(line: number, mark: number): void {
    this.#marks ??= new Uint8Array(this.#lineCount);
    this.#marks[line - 1] = mark;
  }

  get(line: number): number {
    return this.#marks?.[line - 1] ?? 0;
  }

  /** Returns the lines with a mark, in order. */
  lines(mark: number): number[] {
    const found: number[] = [];
    const marks = this.#marks ?? [];
    for (let i = 0; i < marks.length; i++) if (marks[i] === mark) found.push(i + 1);
    return found;
  }

  /** Returns all marks, for another thread. */
  all(): Uint8Array {
    return this.#marks ?? new Uint8Array(this.#lineCount);
  }
}
