/** In which range each line of a namespace stands. */
export interface RangeCut {
  /** Its number; to be asked of every line, in order. */
  rangeOf(keyLine: string): number;
}

/** Looks at all lines of a namespace, in order, and finds where ranges begin. */
export interface RangePlan {
  look(line: string): void;
  /** When all were looked at. */
  cut(): RangeCut;
}
