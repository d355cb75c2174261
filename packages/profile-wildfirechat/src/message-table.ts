import { messageTime } from "./message-id.ts";
import type { ZoneClock } from "./zone-clock.ts";

/** Message tables take turns by month: a month and the one three years later share one. */
export const MESSAGE_TABLE_COUNT = 36;

/**
 * The number of the message table of an instant: its calendar month in the
 * zone of the server's JVM, `year % 3 * 12 + month` with January as 0.
 */
export function messageTableAt(ms: number, jvmZone: ZoneClock): number {
  const wall = new Date(jvmZone.wallMs(ms));
  return (wall.getUTCFullYear() % 3) * 12 + wall.getUTCMonth();
}

/** The number of the table that holds the message of an id. */
export function messageTableOf(id: bigint, jvmZone: ZoneClock): number {
  return messageTableAt(messageTime(id), jvmZone);
}

/** The table of so many months before the month of a table. */
export function monthsBack(table: number, months: number): number {
  return (((table - months) % MESSAGE_TABLE_COUNT) + MESSAGE_TABLE_COUNT) % MESSAGE_TABLE_COUNT;
}
