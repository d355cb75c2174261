import type { HugeTurn } from "@firebreak/archive";

/**
 * The keys of an encrypted archive: identities open its parts, and recipients are those that new files are
 * encrypted to. Both are empty for an unencrypted archive.
 */
export interface Keys {
  readonly identities: readonly string[];
  readonly recipients: readonly string[];
  /** The turns that threads take with huge lines. */
  readonly hugeTurn?: HugeTurn;
}
