import type { TotalIs } from "@firebreak/archive";
import type { DifferencesEvent } from "@firebreak/checksum";

/** The pieces of a progress line. */
export interface ProgressTexts {
  readonly items: (items: number) => string;
  readonly total: (items: number, is: TotalIs) => string;
  readonly speed: (itemsPerSecond: number) => string;
  readonly bytes: (bytesPerSecond: number) => string;
  readonly left: (seconds: number) => string;
  /** Returns the lag of reading changes behind the source. */
  readonly lag: (seconds: number) => string;
}

/** The texts that name objects for which a printed text holds too. */
export interface AlikeWords {
  readonly same: (names: string, count: number, haveOtherCounts: boolean) => string;
  readonly differences: (
    names: string,
    count: number,
    sums: Pick<DifferencesEvent, "missing" | "extra" | "changed">,
  ) => string;
}
