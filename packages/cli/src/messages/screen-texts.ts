import type { TotalIs } from "@firebreak/archive";
import type { DifferencesEvent } from "@firebreak/checksum";

/** Pieces of a line of progress. */
export interface ProgressTexts {
  readonly items: (items: number) => string;
  readonly total: (items: number, is: TotalIs) => string;
  readonly speed: (itemsPerSecond: number) => string;
  readonly bytes: (bytesPerSecond: number) => string;
  readonly left: (seconds: number) => string;
  /** How far a reading of changes is behind the source. */
  readonly lag: (seconds: number) => string;
}

/** Names those of which something was to be told that was told of others before. */
export interface AlikeWords {
  readonly same: (names: string, count: number, haveOtherCounts: boolean) => string;
  readonly differences: (
    names: string,
    count: number,
    sums: Pick<DifferencesEvent, "missing" | "extra" | "changed">,
  ) => string;
}
