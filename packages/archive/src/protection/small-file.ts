import { readFile } from "node:fs/promises";
import { archiveFault, missingFault } from "../archive-faults.ts";
import { sha256Of } from "../digest/sha256.ts";
import { writeDurably } from "../files/durable-file.ts";
import { fileInArchive } from "../files/safe-name.ts";
import type { FileEntry } from "../manifest/schema-parts.ts";
import { AGE_SUFFIX, decryptBytes, encryptBytes } from "./age-file.ts";

/**
 * Writes a small file of an archive, encrypted if there are recipients. Returns its entry for the manifest.
 */
export async function writeSmallFile(
  folder: string,
  name: string,
  content: string,
  recipients: readonly string[] = [],
): Promise<FileEntry> {
  const isClear = recipients.length === 0;
  const file = isClear ? name : `${name}${AGE_SUFFIX}`;
  const bytes = isClear ? Buffer.from(content) : await encryptBytes(content, recipients);
  await writeDurably(fileInArchive(folder, name, file), bytes);
  return { file, bytes: bytes.length, sha256: sha256Of(bytes) };
}

/**
 * Reads a small file that a manifest names, proves it by its hash, and decrypts it if it is encrypted.
 *
 * @throws {FirebreakError} `file-missing`, `file-hash`, `key-missing` or `key-wrong`.
 */
export async function readSmallFile(
  folder: string,
  entry: FileEntry,
  identities?: readonly string[],
): Promise<Buffer> {
  const path = fileInArchive(folder, entry.file, entry.file);
  const bytes = await readFile(path).catch(missingFault(path));
  const found = sha256Of(bytes);
  if (found !== entry.sha256) throw archiveFault("file-hash", { file: path, expected: entry.sha256, found });
  return entry.file.endsWith(AGE_SUFFIX) ? decryptBytes(bytes, identities, path) : bytes;
}
