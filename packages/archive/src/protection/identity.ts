import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { archiveFault, missingAs, missingFault, archiveReason } from "../archive-faults.ts";
import { ReasonError, reasonOf } from "../reasons.ts";
import { sha256Of } from "../digest/sha256.ts";
import type { FileEntry } from "../manifest/schema-parts.ts";
import { writeDurably } from "../files/durable-file.ts";
import { ageLibrary } from "./age-file.ts";

/**
 * The file with the archive's own identity, encrypted with a passphrase. age derives a key from a passphrase
 * with 256 MiB of memory and about a second, so that happens once a run and not for each part. `age -d -i
 * identity.age PART` accepts the file unchanged.
 */
export const IDENTITY_FILE = "identity.age";

/** @throws {FirebreakError} `recipient-invalid` */
export async function checkRecipient(recipient: string): Promise<void> {
  const { Encrypter } = await ageLibrary();
  try {
    new Encrypter().addRecipient(recipient);
  } catch (error) {
    throw archiveFault("recipient-invalid", { recipient, reason: reasonOf(error) }, error);
  }
}

/**
 * Reads the identities of a file as age-keygen writes it: one a line; `#` begins a comment.
 *
 * @throws {FirebreakError} `identity-invalid`, also if there is none; `disk-failed` if it cannot be read.
 */
export async function readIdentities(file: string): Promise<string[]> {
  const lines = (await readText(file)).split("\n").map((line) => line.trim());
  const identities = lines.filter((line) => line !== "" && !line.startsWith("#"));
  const { Decrypter } = await ageLibrary();
  try {
    if (identities.length === 0) throw new ReasonError(archiveReason("identity-none"));
    for (const identity of identities) new Decrypter().addIdentity(identity);
  } catch (error) {
    throw archiveFault("identity-invalid", { file, reason: reasonOf(error) }, error);
  }
  return identities;
}

/**
 * Opens the archive's identity with a passphrase; makes one if there is none yet.
 *
 * @returns the identity, its recipient, and the file's entry for the manifest.
 * @throws {FirebreakError} `key-wrong` if the passphrase is not the archive's.
 */
export async function identityOfPassphrase(
  archive: string,
  passphraseFile: string,
  isNewAllowed: boolean,
): Promise<{ identity: string; recipient: string; entry: FileEntry }> {
  const passphrase = (await readText(passphraseFile)).replace(/\r?\n$/, "");
  if (passphrase === "")
    throw archiveFault("identity-invalid", { file: passphraseFile, reason: archiveReason("file-empty") });
  const { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } = await ageLibrary();
  const file = join(archive, IDENTITY_FILE);
  const sealed = await readFile(file).catch(missingAs(file, undefined));
  if (sealed === undefined) {
    if (!isNewAllowed) throw archiveFault("file-missing", { file });
    const identity = await generateX25519Identity();
    const encrypter = new Encrypter();
    encrypter.setPassphrase(passphrase);
    const made = await encrypter.encrypt(`${identity}\n`);
    await writeDurably(file, made);
    return { identity, recipient: await identityToRecipient(identity), entry: entryOf(made) };
  }
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const identity = await decrypter.decrypt(sealed, "text").then(
    (text) => text.trim(),
    (error: unknown) => {
      throw archiveFault("key-wrong", { file }, error);
    },
  );
  return { identity, recipient: await identityToRecipient(identity), entry: entryOf(sealed) };
}

function entryOf(content: Uint8Array): FileEntry {
  return { file: IDENTITY_FILE, bytes: content.length, sha256: sha256Of(content) };
}

async function readText(file: string): Promise<string> {
  return readFile(file, "utf8").catch(
    missingFault(file, (cause) =>
      archiveFault("identity-invalid", { file, reason: archiveReason("file-none") }, cause),
    ),
  );
}
