import { profileFault } from "../profile-faults.ts";

const HOUR_MS = 3_600_000;
/** The most hours whose offsets are kept. 37 months have 27,000 hours. */
const MAX_HOURS = 200_000;
/** Names of fixed offsets in the JVM, JDBC urls and MySQL: UTC, GMT+8, UTC-03:30, +08:00. */
const FIXED = /^(?:Z|(?:UTC|GMT)?(?:([+-])(\d{1,2})(?::?(\d{2}))?)?)$/;
/** Names of three or four letters, which may be several zones: CST is China's and Chicago's. */
const ABBREVIATION = /^(?:[A-Za-z]{3}|[A-Z]{4})$/;
const UNAMBIGUOUS = new Set(["PRC", "ROK", "ROC"]);

/** The years in which message ids are made: 2018 to 2035. */
const COMPARED_FROM_YEAR = 2018;
const COMPARED_MONTHS = 18 * 12;

/** One hour: its offset, or the moment within it at which the offset changes. */
type Hour = number | { readonly borderMs: number; readonly before: number; readonly after: number };

/**
 * The wall clock of a zone, exact to the second at every change of its offset.
 *
 * Zones come from the IANA database in Node (JVM and MySQL have the same names), and may be fixed offsets
 * like `GMT+8` or `+08:00`. Intl is asked once for the offset of an hour, and the result is kept.
 *
 * @throws {FirebreakError} `zone-unknown` if no zone has the name, or several have it (`CST`).
 */
export class ZoneClock {
  readonly zone: string;
  readonly #fixedMs: number | undefined;
  readonly #format: Intl.DateTimeFormat | undefined;
  readonly #hours = new Map<number, Hour>();
  #lastHour = Number.NaN;
  #last: Hour = 0;

  constructor(zone: string) {
    this.zone = zone;
    this.#fixedMs = fixedOffset(zone);
    if (this.#fixedMs === undefined) this.#format = formatOf(zone);
  }

  /** Returns the number to add to an instant to get the zone's wall clock as if it were UTC. */
  offsetMs(ms: number): number {
    if (this.#fixedMs !== undefined) return this.#fixedMs;
    const number = Math.floor(ms / HOUR_MS);
    if (number !== this.#lastHour) {
      this.#last = this.#hour(number);
      this.#lastHour = number;
    }
    const hour = this.#last;
    if (typeof hour === "number") return hour;
    return ms < hour.borderMs ? hour.before : hour.after;
  }

  /** Returns the zone's wall clock at an instant, as the milliseconds at which UTC shows the same. */
  wallMs(ms: number): number {
    return ms + this.offsetMs(ms);
  }

  /**
   * Returns the instants at which the zone's clock shows this time, ascending: one, two if clocks were set
   * back, none if they were set forward over it.
   */
  instantsOf(wallMs: number): number[] {
    // No zone is a day or more away from UTC, and none changed its offset twice within two days.
    const offsets = new Set([this.offsetMs(wallMs - 24 * HOUR_MS), this.offsetMs(wallMs + 24 * HOUR_MS)]);
    return [...offsets]
      .map((offset) => wallMs - offset)
      .filter((ms) => this.wallMs(ms) === wallMs)
      .toSorted((a, b) => a - b);
  }

  #hour(number: number): Hour {
    const known = this.#hours.get(number);
    if (known !== undefined) return known;
    if (this.#hours.size >= MAX_HOURS) this.#hours.clear();
    const startMs = number * HOUR_MS;
    const before = this.#askOffset(startMs);
    const after = this.#askOffset(startMs + HOUR_MS - 1);
    const hour =
      before === after
        ? before
        : { borderMs: this.#border(startMs, before, startMs + HOUR_MS), before, after };
    this.#hours.set(number, hour);
    return hour;
  }

  /** Finds the first second after `startMs` that does not have the offset `before`. */
  #border(startMs: number, before: number, endMs: number): number {
    let low = startMs / 1000;
    let high = endMs / 1000;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#askOffset(middle * 1000) === before) low = middle;
      else high = middle;
    }
    return high * 1000;
  }

  #askOffset(ms: number): number {
    const second = Math.floor(ms / 1000) * 1000;
    const [year, month, day, hour, minute, seconds] = this.#format!.format(second).match(/\d+/g)!.map(Number);
    return Date.UTC(year!, month! - 1, day, hour, minute, seconds) - second;
  }
}

const clocks = new Map<string, ZoneClock>();

/**
 * Returns this thread's only clock of a zone. Parts share the same hours, and Intl's memory is freed late.
 */
export function clockOf(zone: string): ZoneClock {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const clock = new ZoneClock(zone);
  clocks.set(zone, clock);
  return clock;
}

/** True if two zones have the same offset at the start of every month of these years. */
export function isSameZone(one: ZoneClock, other: ZoneClock): boolean {
  if (one.zone === other.zone) return true;
  for (let month = 0; month < COMPARED_MONTHS; month++) {
    const ms = Date.UTC(COMPARED_FROM_YEAR, month, 1);
    if (one.offsetMs(ms) !== other.offsetMs(ms)) return false;
  }
  return true;
}

function fixedOffset(zone: string): number | undefined {
  const match = zone === "" ? null : FIXED.exec(zone);
  if (match === null) return undefined;
  const [, sign, hours, minutes] = match;
  if (sign === undefined) return 0;
  const offset = (Number(hours) * 60 + Number(minutes ?? 0)) * 60_000;
  if (Number(hours) > 18 || Number(minutes ?? 0) > 59) return undefined;
  return sign === "-" ? -offset : offset;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  if (ABBREVIATION.test(zone) && !UNAMBIGUOUS.has(zone)) throw profileFault("zone-unknown", { zone });
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "iso8601",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (error) {
    throw profileFault("zone-unknown", { zone }, error);
  }
}
