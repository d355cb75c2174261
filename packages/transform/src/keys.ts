import type { HugeTurn } from "@firebreak/archive";

/** What opens the parts of an encrypted archive, and for whom what is made of them is encrypted; none for one in clear. */
export interface Keys {
  readonly identities: readonly string[];
  readonly recipients: readonly string[];
  /** Of the thread that works with them. */
  readonly hugeTurn?: HugeTurn;
}
