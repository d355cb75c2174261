import { createHash } from "node:crypto";

/**
 * The `_id` of a user's document that comes from MySQL, 24 hex digits: the first
 * 12 bytes of the SHA-256 of `_uid`, NUL and `_seq` in decimal. So every run
 * makes the same, and the way back finds it again.
 */
export function userDocumentId(uid: string, seq: bigint): string {
  return hashOf(uid, seq).toString("hex", 0, 12);
}

/** 64 bits of the same hash: entries of one `(_uid, _seq)` have one number, others hardly ever. */
export function userEntryHash(uid: string, seq: bigint): bigint {
  return hashOf(uid, seq).readBigUInt64BE();
}

function hashOf(uid: string, seq: bigint): Buffer {
  return createHash("sha256").update(`${uid}\0${seq}`, "utf8").digest();
}
