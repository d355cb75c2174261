import { hash } from "node:crypto";

/** The SHA-256 of text or bytes that are at hand whole, in lower-case hex. */
export function sha256Of(content: string | Uint8Array): string {
  return hash("sha256", content, "hex");
}

/** The same as 32 bytes. By way of text, for Node takes twice as long over a small content to give bytes itself (24, tried). */
export function sha256BytesOf(content: string | Uint8Array): Buffer {
  return Buffer.from(hash("sha256", content, "binary"), "latin1");
}
