/** Bytes of a hash that are kept of each row: as many bits as the lanes of a digest have. */
export const KEPT_BYTES = 16;

/** What is kept of a hash, in hex, as `keptSql` gives it. */
export function keptText(hash: Buffer): string {
  return hash.toString("hex", 0, KEPT_BYTES);
}

/** A row that the server cannot hash is like no row of the archive. */
export function keptSql(hashSql: string): string {
  return `IFNULL(LEFT(${hashSql}, ${KEPT_BYTES * 2}), REPEAT('0', ${KEPT_BYTES * 2}))`;
}

/** The bucket of a key's hash, as `bucketSql` names it. */
export function bucketOf(keyHash: Buffer): string {
  return keyHash.toString("hex", 0, 2);
}
