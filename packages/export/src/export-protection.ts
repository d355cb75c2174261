import { identityOfPassphrase, type Encryption, type FileEntry } from "@firebreak/archive";
import type { ExportOptions } from "./export-options.ts";

export interface ExportProtection {
  readonly encryption: Encryption | undefined;
  readonly extraFiles: readonly FileEntry[];
  /** The identities that open what this export writes; undefined if only others have them. */
  readonly identities: readonly string[] | undefined;
}

/**
 * Returns the encryption that was asked for. With a passphrase, the archive is encrypted for its own
 * identity, which is made here or, if an export is resumed, opened.
 *
 * @throws {FirebreakError} `key-wrong` if an unfinished archive has another passphrase.
 */
export async function openProtection(options: ExportOptions): Promise<ExportProtection> {
  const { archive, passphraseFile, recipients } = options;
  const names = options.hasClearNames ? "clear" : "hidden";
  if (passphraseFile !== undefined) {
    const own = await identityOfPassphrase(archive, passphraseFile, true);
    const encryption: Encryption = { recipients: [own.recipient], names };
    return { encryption, extraFiles: [own.entry], identities: [own.identity] };
  }
  if (recipients.length === 0) return { encryption: undefined, extraFiles: [], identities: [] };
  return { encryption: { recipients: [...recipients], names }, extraFiles: [], identities: undefined };
}
