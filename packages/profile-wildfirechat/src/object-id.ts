import { createHash } from "node:crypto";

/**
 * The `_id` of a user's document that comes from MySQL, 24 hex digits: the first
 * 12 bytes of the SHA-256 of `_uid`, NUL and `_seq` in decimal. So every run
 * makes the same, and the way back finds it again.
 */
export function userDocumentId(uid: string, seq: bigint): string {
  return createHash("sha256").update(`${uid}\0${seq}`, "utf8").digest("hex").slice(0, 24);
}
