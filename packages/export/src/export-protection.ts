import { identityOfPassphrase, type Encryption, type FileEntry } from "@firebreak/archive";
import type { ExportOptions } from "./export.ts";

/**
 * For whom an archive is encrypted, as asked for; with a passphrase to the
 * archive's own identity, which is made here or, when an export goes on, opened.
 *
 * @throws {FirebreakError} `key-wrong` where an unfinished archive has another passphrase.
 */
export async function openProtection(
  options: ExportOptions,
): Promise<{ encryption: Encryption | undefined; extraFiles: readonly FileEntry[] }> {
  const { archive, passphraseFile, recipients } = options;
  const names = options.hasClearNames ? "clear" : "hidden";
  if (passphraseFile !== undefined) {
    const own = await identityOfPassphrase(archive, passphraseFile, true);
    return { encryption: { recipients: [own.recipient], names }, extraFiles: [own.entry] };
  }
  if (recipients.length === 0) return { encryption: undefined, extraFiles: [] };
  return { encryption: { recipients: [...recipients], names }, extraFiles: [] };
}
