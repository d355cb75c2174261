import { MAX_VARBINARY, MAX_VARCHAR } from "@firebreak/mysql-format";

/**
 * Room in the columns of a new table, so that values a little larger than those seen still fit their column.
 * This module has the usual lengths and the rule for taking the next one. Every length and size of the
 * generic mapping is chosen here.
 */

/**
 * The room that a column gets: all of it; as much as an index allows; or none. A key gets none, and a column
 * loses its room if the row would not fit otherwise.
 */
export type Room = "full" | "indexed" | "none";

/** The lengths of VARCHAR and VARBINARY columns. A fixed set makes schemas look alike. */
export const USUAL_LENGTHS: readonly number[] = [16, 32, 64, 128, 255, 512, MAX_VARCHAR];

/**
 * The digits before the point of DECIMAL columns. MySQL stores nine digits in four bytes (manual, 14.25.2).
 */
export const USUAL_DIGITS: readonly number[] = [9, 18, 27, 36, 45, 54, 63];

/** The most bytes that room gives to an indexed column: pages of 4 KiB refuse longer ones (manual, 17.22). */
const ROOMY_INDEX_BYTES = 768;

/** The least magnitude of an Int32 that is within a factor of ten of its limit. */
const NEAR_INT32_LIMIT = Math.ceil((2 ** 31 - 1) / 10);

/** The digits of the least integer near the limit. Shorter integers need no second look. */
export const NEAR_INT32_DIGITS: number = String(NEAR_INT32_LIMIT).length;

/** @param magnitude the magnitude of the largest Int32 seen. */
export function isNearInt32Limit(magnitude: number): boolean {
  return magnitude >= NEAR_INT32_LIMIT;
}

/** Returns the length of a VARCHAR for texts of so many characters, or undefined if they need a TEXT. */
export function varcharLength(seen: number, room: Room): number | undefined {
  return lengthOf(seen, room, ROOMY_INDEX_BYTES / 4);
}

/** Returns the length of a VARBINARY for binaries of so many bytes, or undefined if they need a BLOB. */
export function varbinaryLength(seen: number, room: Room): number | undefined {
  const length = lengthOf(seen, room, ROOMY_INDEX_BYTES);
  // Longer binaries get their exact length, because a BLOB cannot be a key.
  return length ?? (room !== "full" && seen <= MAX_VARBINARY ? seen : undefined);
}

/** Returns the bytes that a TEXT or BLOB type must hold if the longest value seen has so many. */
export function lobBytes(seen: number, room: Room): number {
  return room === "full" ? 2 * seen + 1 : seen;
}

/**
 * Returns the digits before the point of a DECIMAL.
 *
 * @param most the digits that the type has left beside the decimals.
 */
export function digitsBeforePoint(seen: number, most: number, room: Room): number {
  if (room === "none") return seen;
  return Math.min(most, USUAL_DIGITS.find((digits) => digits > 2 * seen) ?? most);
}

/** @param mostIndexed the greatest length that room may reach in an index. */
function lengthOf(seen: number, room: Room, mostIndexed: number): number | undefined {
  const roomy = USUAL_LENGTHS.find((length) => length > 2 * seen);
  if (room === "full") return roomy;
  const exact = USUAL_LENGTHS.find((length) => length >= seen);
  if (room === "none" || exact === undefined) return exact;
  const most = USUAL_LENGTHS.findLast((length) => length <= mostIndexed)!;
  return Math.max(exact, Math.min(roomy ?? most, most));
}
