/** The bytes that are kept of each row's hash: as many bits as a digest's lanes have. */
export const KEPT_BYTES = 16;

/** Returns the kept part of a hash in hex, as `keptSql` does. */
export function keptText(hash: Buffer): string {
  return hash.toString("hex", 0, KEPT_BYTES);
}

/**
 * Returns the SQL of the kept part of a hash. A row that the server cannot hash equals no row of the archive.
 */
export function keptSql(hashSql: string): string {
  return `IFNULL(LEFT(${hashSql}, ${KEPT_BYTES * 2}), REPEAT('0', ${KEPT_BYTES * 2}))`;
}

/** Returns the bucket of a key's hash, as `bucketSql` names it. */
export function bucketOf(keyHash: Buffer): string {
  return keyHash.toString("hex", 0, 2);
}
