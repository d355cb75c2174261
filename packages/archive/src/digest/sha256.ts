import { hash } from "node:crypto";

/** Returns the SHA-256 of text or bytes that are in memory, in lower-case hex. */
export function sha256Of(content: string | Uint8Array): string {
  return hash("sha256", content, "hex");
}

/**
 * Returns the hash as byte text of 32 letters. For small contents, Node takes twice as long to give bytes
 * (24, tried).
 */
export function sha256TextOf(content: string | Uint8Array): string {
  return hash("sha256", content, "binary");
}

/** Returns the hash as 32 bytes. */
export function sha256BytesOf(content: string | Uint8Array): Buffer {
  return Buffer.from(sha256TextOf(content), "latin1");
}
