import { createHash } from "node:crypto";

/**
 * Returns the `_id` for a user's document made from MySQL, 24 hex digits: the first 12 bytes of the SHA-256
 * of `_uid`, NUL and `_seq` in decimal. So every run makes the same `_id`, and the way back finds it again.
 */
export function userDocumentId(uid: string, seq: bigint): string {
  return hashOf(uid, seq).toString("hex", 0, 12);
}

/** Returns 64 bits of the same hash, equal for the same `(_uid, _seq)` and almost never for others. */
export function userEntryHash(uid: string, seq: bigint): bigint {
  return hashOf(uid, seq).readBigUInt64BE();
}

function hashOf(uid: string, seq: bigint): Buffer {
  return createHash("sha256").update(`${uid}\0${seq}`, "utf8").digest();
}
