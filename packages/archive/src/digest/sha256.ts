import { hash } from "node:crypto";

/** The SHA-256 of text or bytes that are at hand whole, in lower-case hex. */
export function sha256Of(content: string | Uint8Array): string {
  return hash("sha256", content, "hex");
}
