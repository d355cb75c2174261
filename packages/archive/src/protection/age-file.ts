import type { Decrypter, Encrypter } from "age-encryption";
import { archiveFault } from "../archive-faults.ts";
import { reasonOf, wordsOf } from "../reasons.ts";

/** The end of an encrypted file's name. The stock `age` tool opens each such file by itself. */
export const AGE_SUFFIX = ".age";

/** Encrypts a stream to age recipients (`age1…`). */
export async function* encrypted(
  bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  recipients: readonly string[],
): AsyncGenerator<Uint8Array> {
  const encrypter = await encrypterFor(recipients);
  yield* await encrypter.encrypt(ReadableStream.from(bytes));
}

/**
 * Decrypts a stream. age authenticates every 64 KiB and the end, so the output is what was encrypted, as far
 * as it goes.
 *
 * @throws {FirebreakError} `key-missing`, `key-wrong`, or `part-undecodable` for damaged bytes.
 */
export async function* decrypted(
  bytes: AsyncIterable<Uint8Array>,
  identities: readonly string[] | undefined,
  file: string,
): AsyncGenerator<Uint8Array> {
  const decrypter = await decrypterWith(identities, file);
  try {
    yield* await decrypter.decrypt(ReadableStream.from(bytes));
  } catch (error) {
    throw decryptFault(error, file);
  }
}

/** Encrypts a whole small file. */
export async function encryptBytes(
  content: string | Uint8Array,
  recipients: readonly string[],
): Promise<Uint8Array> {
  const encrypter = await encrypterFor(recipients);
  return encrypter.encrypt(content);
}

/** Decrypts a whole small file; throws as `decrypted` does. */
export async function decryptBytes(
  content: Uint8Array,
  identities: readonly string[] | undefined,
  file: string,
): Promise<Buffer> {
  const decrypter = await decrypterWith(identities, file);
  try {
    return Buffer.from(await decrypter.decrypt(content));
  } catch (error) {
    throw decryptFault(error, file);
  }
}

async function encrypterFor(recipients: readonly string[]): Promise<Encrypter> {
  const age = await ageLibrary();
  const encrypter = new age.Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter;
}

async function decrypterWith(identities: readonly string[] | undefined, file: string): Promise<Decrypter> {
  if (identities === undefined || identities.length === 0) throw archiveFault("key-missing", { file });
  const age = await ageLibrary();
  const decrypter = new age.Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  return decrypter;
}

/** Only the library's message tells that none of the keys is the file's. */
function decryptFault(error: unknown, file: string): unknown {
  if (/no identity matched/i.test(wordsOf(error))) return archiveFault("key-wrong", { file }, error);
  const isDisk = error instanceof Error && "syscall" in error;
  return isDisk ? error : archiveFault("part-undecodable", { file, reason: reasonOf(error) }, error);
}

/**
 * Loads the library on first use. Loading it takes longer than loading everything else: 80 ms for every
 * process and each of its threads.
 */
export function ageLibrary(): Promise<typeof import("age-encryption")> {
  return import("age-encryption");
}
