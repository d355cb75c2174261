/** Tables `t_user_messages_N`, and `t_group_messages_N` alike. */
export const USER_TABLE_COUNT = 128;

/** Java's String.hashCode: over UTF-16 units, wrapping at 32 bits, signed. */
export function javaStringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/**
 * The shard of a user's rows, or of a group's.
 *
 * Java's abs(-2^31) is -2^31, whose remainder is 0 as that of 2^31 is, so the
 * lowest hash needs no case of its own.
 */
export function userShard(uid: string): number {
  return Math.abs(javaStringHash(uid)) % USER_TABLE_COUNT;
}
