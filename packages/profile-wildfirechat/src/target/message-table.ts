import { messageTime } from "../documents/message-id.ts";
import type { ZoneClock } from "../settings/zone-clock.ts";

/** The number of message tables. There is one for each month, and months three years apart share one. */
export const MESSAGE_TABLE_COUNT = 36;

/**
 * Returns the number of the message table for an instant: `year % 3 * 12 + month` with January as 0, from its
 * calendar month in the zone of the server's JVM.
 */
export function messageTableAt(ms: number, jvmZone: ZoneClock): number {
  const wall = new Date(jvmZone.wallMs(ms));
  return (wall.getUTCFullYear() % 3) * 12 + wall.getUTCMonth();
}

/** Returns the number of the table for a message, by its id. */
export function messageTableOf(id: bigint, jvmZone: ZoneClock): number {
  return messageTableAt(messageTime(id), jvmZone);
}

/** Returns the number of the table that many months earlier. */
export function monthsBack(table: number, months: number): number {
  return (((table - months) % MESSAGE_TABLE_COUNT) + MESSAGE_TABLE_COUNT) % MESSAGE_TABLE_COUNT;
}
