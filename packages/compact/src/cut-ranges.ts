/** Where the ranges of a namespace begin, as an export finds it by walking the keys. */
export interface RangeCut {
  /** The number of the first that has lines. */
  readonly firstRange: number;
  /** Whether a range begins in front of this line; to be asked of every line but the first, in order. */
  isBorder(keyLine: string): boolean;
}

/** Looks at all lines of a namespace, in order, and finds where ranges begin. */
export interface RangePlan {
  look(line: string): void;
  /** When all were looked at. */
  cut(): RangeCut;
}

/** All of it is one range. */
export const ONE_RANGE: RangePlan = {
  look: () => undefined,
  cut: () => ({ firstRange: 0, isBorder: () => false }),
};
