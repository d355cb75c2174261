import { MAX_VARBINARY, MAX_VARCHAR } from "./column-plan.ts";

/**
 * Room that the columns of a new table get, so that values a little larger than
 * those seen still go into their column: the usual lengths, and when the next one
 * is taken. Every length and size of the generic mapping is chosen here.
 */

/**
 * How much room a column gets: all that is due; as much as an index leaves; or
 * none, which is what a key has and what is given back where a row would not fit.
 */
export type Room = "full" | "indexed" | "none";

/** Lengths of VARCHAR and VARBINARY columns, so that schemas look alike. */
export const USUAL_LENGTHS: readonly number[] = [16, 32, 64, 128, 255, 512, MAX_VARCHAR];

/** Digits before the point of DECIMAL columns: MySQL keeps nine in four bytes (manual, 14.25.2). */
export const USUAL_DIGITS: readonly number[] = [9, 18, 27, 36, 45, 54, 63];

/** Bytes up to which room makes a column of an index longer: with pages of 4 KiB longer ones are refused (manual, 17.22). */
const ROOMY_INDEX_BYTES = 768;

/** From this magnitude on an Int32 is within a factor of ten of its limit. */
const NEAR_INT32_LIMIT = Math.ceil((2 ** 31 - 1) / 10);

/** Digits of the least integer that is near the limit: shorter ones need no second look. */
export const NEAR_INT32_DIGITS: number = String(NEAR_INT32_LIMIT).length;

/** @param magnitude of the largest Int32 seen. */
export function isNearInt32Limit(magnitude: number): boolean {
  return magnitude >= NEAR_INT32_LIMIT;
}

/** The characters of a VARCHAR for texts of so many; undefined where it is to be a TEXT. */
export function varcharLength(seen: number, room: Room): number | undefined {
  return lengthOf(seen, room, ROOMY_INDEX_BYTES / 4);
}

/** The bytes of a VARBINARY for binaries of so many; undefined where it is to be a BLOB. */
export function varbinaryLength(seen: number, room: Room): number | undefined {
  const length = lengthOf(seen, room, ROOMY_INDEX_BYTES);
  // Longer ones are as long as their values, for a BLOB can be no key.
  return length ?? (room !== "full" && seen <= MAX_VARBINARY ? seen : undefined);
}

/** The bytes that a TEXT or BLOB type must hold where the longest value seen has so many. */
export function lobBytes(seen: number, room: Room): number {
  return room === "full" ? 2 * seen + 1 : seen;
}

/** The digits before the point of a DECIMAL. @param most that the type has beside the decimals. */
export function digitsBeforePoint(seen: number, most: number, room: Room): number {
  if (room === "none") return seen;
  return Math.min(most, USUAL_DIGITS.find((digits) => digits > 2 * seen) ?? most);
}

/** @param mostIndexed up to which length room counts for an index. */
function lengthOf(seen: number, room: Room, mostIndexed: number): number | undefined {
  const roomy = USUAL_LENGTHS.find((length) => length > 2 * seen);
  if (room === "full") return roomy;
  const exact = USUAL_LENGTHS.find((length) => length >= seen);
  if (room === "none" || exact === undefined) return exact;
  const most = USUAL_LENGTHS.findLast((length) => length <= mostIndexed)!;
  return Math.max(exact, Math.min(roomy ?? most, most));
}
