import { AGE_SUFFIX, type HugeTurn } from "@firebreak/archive";

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

/** Returns the end of the name of a file that is written with these keys. */
export function ageSuffix({ recipients }: Pick<Keys, "recipients">): string {
  return recipients.length === 0 ? "" : AGE_SUFFIX;
}
