import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { archiveFault, missingFault, archiveReason } from "../archive-faults.ts";
import { ReasonError, reasonOf } from "../reasons.ts";

/**
 * The file with the raw 64 bytes of the Ed25519 signature of `manifest.json`, which names every other file by
 * its hash. `openssl pkeyutl -verify -rawin` checks it.
 */
export const SIGNATURE_FILE = "manifest.json.sig";

/** @throws {FirebreakError} `signing-key-invalid` if the file is no Ed25519 private key in PEM. */
export async function readSigningKey(file: string): Promise<KeyObject> {
  return readKey(file, (pem) => createPrivateKey(pem));
}

/** @throws {FirebreakError} `signing-key-invalid` if the file is no Ed25519 key in PEM. */
export async function readTrustedKey(file: string): Promise<KeyObject> {
  return readKey(file, (pem) => createPublicKey(pem));
}

export function signatureOf(manifest: Uint8Array, key: KeyObject): Buffer {
  return sign(null, manifest, key);
}

/**
 * Returns a public key, or the public half of a private one, as manifests write it: the x of RFC 8037,
 * base64url.
 */
export function publicKeyText(key: KeyObject): string {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  return publicKey.export({ format: "jwk" }).x!;
}

/**
 * Checks that the key in an archive's manifest signed that manifest, and that the person trusts this key, if
 * a trusted key is given. Without a trusted key this proves only that no file was damaged.
 *
 * @returns the signature; undefined if there is none and none is needed.
 * @throws {FirebreakError} `signature-missing`, `signature-wrong` or `signature-foreign`.
 */
export async function checkSignature(
  archive: string,
  { content, signedBy }: { readonly content: Buffer; readonly signedBy: string | undefined },
  trusted: KeyObject | undefined,
): Promise<Buffer | undefined> {
  const file = join(archive, SIGNATURE_FILE);
  if (signedBy === undefined) {
    if (trusted !== undefined) throw archiveFault("signature-missing", { file });
    return undefined;
  }
  const signature = await readFile(file).catch(
    missingFault(file, (cause) => archiveFault("signature-missing", { file }, cause)),
  );
  if (!isSignature(content, signedBy, signature)) throw archiveFault("signature-wrong", { file });
  if (trusted !== undefined && publicKeyText(trusted) !== signedBy)
    throw archiveFault("signature-foreign", { file, signedBy });
  return signature;
}

function isSignature(content: Buffer, signedBy: string, signature: Buffer): boolean {
  try {
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: signedBy }, format: "jwk" });
    return verify(null, content, key, signature);
  } catch {
    return false;
  }
}

async function readKey(file: string, parse: (pem: string) => KeyObject): Promise<KeyObject> {
  const pem = await readFile(file, "utf8").catch(
    missingFault(file, (cause) =>
      archiveFault("signing-key-invalid", { file, reason: archiveReason("file-none") }, cause),
    ),
  );
  try {
    const key = parse(pem);
    if (key.asymmetricKeyType !== "ed25519")
      throw new ReasonError(archiveReason("key-kind", { kind: key.asymmetricKeyType }));
    return key;
  } catch (error) {
    throw archiveFault("signing-key-invalid", { file, reason: reasonOf(error) }, error);
  }
}
