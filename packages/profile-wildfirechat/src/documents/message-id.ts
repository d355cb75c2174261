/** The instant from which message ids count: 2018-01-01 00:00 in UTC+8. */
export const ID_EPOCH_MS = 1_514_736_000_000;

/** Bits below the milliseconds: 6 for the node and 15 that rotate. */
const LOW_BITS = 21n;

/**
 * Returns the time at which a signed 64-bit message id was made, in milliseconds since 1970.
 *
 * Ids exceed 2^53 since 2018-02, so an id stays a bigint. The milliseconds are 43 bits of it and exact as a
 * number.
 */
export function messageTime(id: bigint): number {
  return Number(id >> LOW_BITS) + ID_EPOCH_MS;
}

/** Returns the lowest id of an instant: messages of that millisecond or later have it or a higher one. */
export function firstMessageId(ms: number): bigint {
  return BigInt(ms - ID_EPOCH_MS) << LOW_BITS;
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

export function isInt64(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX;
}
