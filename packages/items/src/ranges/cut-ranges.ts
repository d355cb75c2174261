/** Assigns each line of a namespace to a range. */
export interface RangeCut {
  /** Returns the number of a line's range. It must be called for every line, in order. */
  rangeOf(keyLine: string): number;
}

/** Finds the borders of the ranges of a namespace. */
export interface RangePlan {
  /** Looks at all lines, in order, if the borders depend on them. */
  look?(line: string): void;
  /** Returns the ranges. Must be called after `look` got all lines. */
  cut(): RangeCut;
}
