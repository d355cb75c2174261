const DAY_MS = 86_400_000;

/** The first and last instant of the years with four digits: 0000-01-01 and the end of 9999-12-31. */
const FIRST_MS = -62_167_219_200_000;
const LAST_MS = 253_402_300_799_999;

/** The texts of numbers with two digits and with three. */
const TWO_DIGITS = numbers(100, 2);
const THREE_DIGITS = numbers(1000, 3);

let lastDay = Number.NaN;
let lastDate = "";

/**
 * Returns the day of milliseconds since 1970, in UTC, as MySQL writes a DATE; undefined for a year that does
 * not have four digits.
 */
export function dayText(ms: number): string | undefined {
  if (!(ms >= FIRST_MS && ms <= LAST_MS)) return undefined;
  const day = Math.floor(ms / DAY_MS);
  // Values of one part often have the same day.
  if (day !== lastDay) {
    lastDay = day;
    lastDate = new Date(day * DAY_MS).toISOString().slice(0, 10);
  }
  return lastDate;
}

/**
 * Returns milliseconds since 1970, in UTC, as MySQL writes a DATETIME with this many digits of the second's
 * fraction. Returns undefined if these digits cannot hold it exactly.
 */
export function momentText(ms: number, fraction: number): string | undefined {
  const day = dayText(ms);
  if (day === undefined) return undefined;
  const time = ms - Math.floor(ms / DAY_MS) * DAY_MS;
  const seconds = Math.floor(time / 1000);
  const minutes = Math.floor(seconds / 60);
  const behindPoint = `${THREE_DIGITS[time % 1000]!}000`;
  if (fraction < 3 && /[1-9]/.test(behindPoint.slice(fraction))) return undefined;
  const text = `${day} ${TWO_DIGITS[Math.floor(minutes / 60)]!}:${TWO_DIGITS[minutes % 60]!}:${TWO_DIGITS[seconds % 60]!}`;
  return fraction === 0 ? text : `${text}.${behindPoint.slice(0, fraction)}`;
}

function numbers(count: number, digits: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => String(n).padStart(digits, "0"));
}
