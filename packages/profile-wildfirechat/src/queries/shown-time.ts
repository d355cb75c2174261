import type { FieldValue } from "../documents/field-value.ts";
import { messageTime } from "../documents/message-id.ts";
import type { ZoneClock } from "../settings/zone-clock.ts";

/**
 * Returns the time of a document as the server shows it after the move, to the second: that of its date,
 * rounded half up, or of the message's id if it has none.
 */
export function documentTime(value: FieldValue | undefined, id: bigint): string {
  const ms = value instanceof Date ? value.getTime() : messageTime(id);
  return new Date(Math.floor((ms + 500) / 1000) * 1000).toISOString();
}

/**
 * Returns the time that a server reads in a DATETIME, in the zone that it has. Of an hour that the zone's
 * clocks showed twice it is the one nearer to the id's time.
 *
 * @param text as MySQL writes it.
 */
export function columnTime(text: string, id: bigint, zone: ZoneClock): string {
  const wallMs = Date.parse(`${text.replace(" ", "T")}Z`);
  if (Number.isNaN(wallMs)) return text;
  const near = (ms: number): number => Math.abs(ms - messageTime(id));
  const [instant = wallMs - zone.offsetMs(wallMs)] = zone
    .instantsOf(wallMs)
    .toSorted((one, other) => near(one) - near(other));
  return new Date(instant).toISOString();
}
