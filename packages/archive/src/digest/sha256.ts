import { hash } from "node:crypto";

/** The SHA-256 of text or bytes that are at hand whole, in lower-case hex. */
export function sha256Of(content: string | Uint8Array): string {
  return hash("sha256", content, "hex");
}

/** The same as byte text of 32 letters: for a small content Node takes twice as long to give bytes (24, tried). */
export function sha256TextOf(content: string | Uint8Array): string {
  return hash("sha256", content, "binary");
}

/** The same as 32 bytes. */
export function sha256BytesOf(content: string | Uint8Array): Buffer {
  return Buffer.from(sha256TextOf(content), "latin1");
}
