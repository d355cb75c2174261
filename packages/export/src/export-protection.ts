import { identityOfPassphrase, type Encryption, type FileEntry } from "@firebreak/archive";
import type { ExportOptions } from "./export.ts";

export interface ExportProtection {
  readonly encryption: Encryption | undefined;
  readonly extraFiles: readonly FileEntry[];
  /** What opens what is written; undefined where only others have that. */
  readonly identities: readonly string[] | undefined;
}

/**
 * For whom an archive is encrypted, as asked for; with a passphrase to the
 * archive's own identity, which is made here or, when an export goes on, opened.
 *
 * @throws {FirebreakError} `key-wrong` where an unfinished archive has another passphrase.
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
