import fc from "fast-check";
import { expect, test } from "vitest";
import { datetimeOf, instantOf } from "../../src/target/server-datetime.ts";
import { ZoneClock } from "../../src/settings/zone-clock.ts";

const utc = (text: string): number => Date.parse(`${text}Z`);
const shanghai = new ZoneClock("GMT+8");
const berlin = new ZoneClock("Europe/Berlin");

test.each([
  ["2024-02-29T15:59:59.499", "2024-02-29T23:59:59"],
  ["2024-02-29T15:59:59.500", "2024-03-01T00:00:00"],
  ["1969-12-31T23:59:59.500", "1970-01-01T08:00:00"],
  ["1969-12-31T23:59:59.499", "1970-01-01T07:59:59"],
])("%s is rounded half up to %s in GMT+8", (instant, wall) => {
  expect(datetimeOf(utc(instant), shanghai)).toBe(utc(wall));
});

test("it is the clock that is rounded, where the offset changes within that half second", () => {
  expect(datetimeOf(utc("2024-10-27T00:59:59.700"), berlin)).toBe(utc("2024-10-27T03:00:00"));
});

test.each(["0999-12-31T15:59:59.499", "9999-12-31T15:59:59.500", "+010000-01-01T00:00:00.000"])(
  "%s is no DATETIME in GMT+8",
  (instant) => {
    expect(datetimeOf(utc(instant), shanghai)).toBe(undefined);
  },
);

test("the borders of DATETIME and what is no number", () => {
  expect(datetimeOf(utc("0999-12-31T16:00:00.000"), shanghai)).toBe(utc("1000-01-01T00:00:00"));
  expect(datetimeOf(utc("9999-12-31T15:59:59.499"), shanghai)).toBe(utc("9999-12-31T23:59:59"));
  expect(datetimeOf(Number.NaN, shanghai)).toBe(undefined);
  expect(datetimeOf(8.64e15, shanghai)).toBe(undefined);
});

test("the way back has the id's time within a second of the column, else the column's", () => {
  const wall = utc("2024-05-01T12:00:00");
  const instant = utc("2024-05-01T04:00:00");
  expect(instantOf(wall, instant + 1000, shanghai)).toEqual({ instantMs: instant + 1000, source: "id" });
  expect(instantOf(wall, instant - 1000, shanghai)).toEqual({ instantMs: instant - 1000, source: "id" });
  expect(instantOf(wall, instant + 1001, shanghai)).toEqual({ instantMs: instant, source: "column" });
  expect(instantOf(wall, undefined, shanghai)).toEqual({ instantMs: instant, source: "column" });
});

test("the id says which of two instants was meant; without it the earlier is taken and doubted", () => {
  const wall = utc("2024-10-27T02:30:00");
  const [first, second] = [utc("2024-10-27T00:30:00"), utc("2024-10-27T01:30:00")];
  expect(instantOf(wall, second + 250, berlin)).toEqual({ instantMs: second + 250, source: "id" });
  expect(instantOf(wall, undefined, berlin)).toEqual({ instantMs: first, source: "column", doubt: "twice" });
});

test("a time that clocks jumped over is read with the offset before, and doubted", () => {
  expect(instantOf(utc("2024-03-31T02:30:00"), undefined, berlin)).toEqual({
    instantMs: utc("2024-03-31T01:30:00"),
    source: "column",
    doubt: "never",
  });
});

test("an instant goes to a DATETIME and comes back by its id, in any zone", () => {
  const clocks = ["UTC", "GMT+8", "Europe/Berlin", "America/New_York", "Pacific/Apia"].map(
    (z) => new ZoneClock(z),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...clocks),
      fc.integer({ min: Date.UTC(2018, 0, 1), max: Date.UTC(2035, 0, 1) }),
      (clock, ms) => {
        expect(instantOf(datetimeOf(ms, clock)!, ms, clock)).toEqual({ instantMs: ms, source: "id" });
      },
    ),
  );
});
