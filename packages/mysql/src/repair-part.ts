/** What the ledger calls a repair, by the hash of its manifest: no part's name has this form. */
export function repairPart(manifestSha256: string): string {
  return `repair/${manifestSha256.slice(0, 16)}`;
}

export function isRepairPart(part: string): boolean {
  return /^repair\/[0-9a-f]{16}$/.test(part);
}

/** Whether the ledger's row says that a whole archive or delta is in; no part's name has this form. */
export function isLinkPart(part: string): boolean {
  return /^archive\/[0-9a-f]{16}\/[0-9]+$/.test(part);
}

/** What the ledger calls the whole of a table whose engine cannot roll back; no part's name has this form. */
export const DIRECT_PART = "direct/table";

/**
 * SQL for rows of the ledger that are parts, of archives or of deltas. A repair brings a table back to what
 * its parts say: the rows of the parts are the rows of the table, before and after.
 */
export const IS_PART = `part NOT REGEXP '^(repair/[0-9a-f]{16}|archive/[0-9a-f]{16}/[0-9]+|${DIRECT_PART})$'`;
