/** Returns the ledger's name for a repair, from the hash of its manifest. No part has a name of this form. */
export function repairPart(manifestSha256: string): string {
  return `repair/${manifestSha256.slice(0, 16)}`;
}

export function isRepairPart(part: string): boolean {
  return /^repair\/[0-9a-f]{16}$/.test(part);
}

/**
 * Returns true if a ledger row says that a whole archive or delta is loaded. No part has a name of
 * this form.
 */
export function isLinkPart(part: string): boolean {
  return /^archive\/[0-9a-f]{16}\/[0-9]+$/.test(part);
}

/**
 * The ledger's name for the whole of a table whose engine cannot roll back. No part has a name of
 * this form.
 */
export const DIRECT_PART = "direct/table";

/**
 * The SQL condition for ledger rows that are parts of archives or deltas. It excludes repairs: a
 * repair restores what a table's parts say, so the rows of the parts are the table's rows before
 * and after.
 */
export const IS_PART = `part NOT REGEXP '^(repair/[0-9a-f]{16}|archive/[0-9a-f]{16}/[0-9]+|${DIRECT_PART})$'`;
