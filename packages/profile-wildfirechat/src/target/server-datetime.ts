import type { ZoneClock } from "../settings/zone-clock.ts";

/** The range of MySQL's DATETIME, the years 1000 to 9999 (manual, 11.2.2), as wall clocks. */
const FIRST_WALL_MS = Date.UTC(1000, 0, 1);
const LAST_WALL_MS = Date.UTC(9999, 11, 31, 23, 59, 59);
/** A time that exceeds any zone's offset. */
const DAY_MS = 86_400_000;

/** The distance up to which an id's time is better than `_dt`, because it has the milliseconds. */
const ID_NEARNESS_MS = 1000;

/**
 * Returns an instant as a DATETIME without fraction in a zone: the zone's wall clock, rounded half up to the
 * second. Undefined outside the column's years. A wall clock is represented by the instant at which UTC shows
 * the same.
 *
 * The clock is rounded and not the instant: if the offset changes within that half second, the server, which
 * is sent milliseconds, rounds the clock too.
 */
export function datetimeOf(instantMs: number, zone: ZoneClock): number | undefined {
  if (!(instantMs >= FIRST_WALL_MS - DAY_MS && instantMs <= LAST_WALL_MS + DAY_MS)) return undefined;
  const wallMs = Math.floor((zone.wallMs(instantMs) + 500) / 1000) * 1000;
  return isDatetime(wallMs) ? wallMs : undefined;
}

export function isDatetime(wallMs: number): boolean {
  return wallMs >= FIRST_WALL_MS && wallMs <= LAST_WALL_MS + 999;
}

/** The reason why an instant is not exact: the clock showed this twice (the earlier is taken), or never. */
export type DatetimeDoubt = "twice" | "never";

export interface DatetimeReading {
  readonly instantMs: number;
  readonly source: "id" | "column";
  readonly doubt?: DatetimeDoubt;
}

/**
 * Returns the instant of a DATETIME: the id's time if it is within a second, else the instant of the wall
 * clock. A time that the zone's clocks skipped is read with the offset before the change.
 */
export function instantOf(wallMs: number, idMs: number | undefined, zone: ZoneClock): DatetimeReading {
  const instants = zone.instantsOf(wallMs);
  if (idMs !== undefined) {
    const isNear =
      Math.abs(zone.wallMs(idMs) - wallMs) <= ID_NEARNESS_MS ||
      instants.some((ms) => Math.abs(ms - idMs) <= ID_NEARNESS_MS);
    if (isNear) return { instantMs: idMs, source: "id" };
  }
  const [first] = instants;
  if (first === undefined)
    return { instantMs: wallMs - zone.offsetMs(wallMs - DAY_MS), source: "column", doubt: "never" };
  return instants.length > 1
    ? { instantMs: first, source: "column", doubt: "twice" }
    : { instantMs: first, source: "column" };
}
