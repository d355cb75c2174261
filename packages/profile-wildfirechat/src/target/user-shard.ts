/** The number of tables `t_user_messages_N`, and of `t_group_messages_N`. */
export const USER_TABLE_COUNT = 128;

/** Computes Java's String.hashCode: over UTF-16 units, wrapping at 32 bits, signed. */
export function javaStringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/**
 * Returns the shard for the rows of a user or a group.
 *
 * In Java, abs(-2^31) is -2^31, and its remainder is 0 like that of 2^31. So the lowest hash needs no special
 * case.
 */
export function userShard(uid: string): number {
  return Math.abs(javaStringHash(uid)) % USER_TABLE_COUNT;
}
