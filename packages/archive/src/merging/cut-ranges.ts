/** In which range each line of a namespace stands. */
export interface RangeCut {
  /** Its number; to be asked of every line, in order. */
  rangeOf(keyLine: string): number;
}

/** Finds where the ranges of a namespace begin. */
export interface RangePlan {
  /** Looks at all lines, in order, where that hangs on them. */
  look?(line: string): void;
  /** When all were looked at. */
  cut(): RangeCut;
}
