import fc from "fast-check";
import { expect, test } from "vitest";
import { ZoneClock } from "../../src/settings/zone-clock.ts";

const utc = (text: string): number => Date.parse(`${text}Z`);

test.each([
  // Clocks go forward, back, by half an hour, over a whole day, at a month's first second, and a century ago.
  ["Europe/Berlin", "2024-03-31T01:00:00", 1, 2],
  ["Europe/Berlin", "2024-10-27T01:00:00", 2, 1],
  ["America/Sao_Paulo", "2018-11-04T03:00:00", -3, -2],
  ["Australia/Lord_Howe", "2024-04-06T15:00:00", 11, 10.5],
  ["Pacific/Apia", "2011-12-30T10:00:00", -10, 14],
  ["Asia/Pyongyang", "2018-05-04T15:00:00", 8.5, 9],
  ["Europe/Istanbul", "2016-03-27T01:00:00", 2, 3],
  ["Asia/Shanghai", "1986-05-03T18:00:00", 8, 9],
  ["Asia/Kathmandu", "1985-12-31T18:30:00", 5.5, 5.75],
] as const)("%s changes its offset at %s UTC, to the millisecond", (zone, instant, before, after) => {
  const clock = new ZoneClock(zone);
  const ms = utc(instant);
  expect(clock.offsetMs(ms - 1)).toBe(before * 3_600_000);
  expect(clock.offsetMs(ms)).toBe(after * 3_600_000);
});

test.each([
  ["GMT+8", 8],
  ["GMT+08:00", 8],
  ["GMT-3:30", -3.5],
  ["UTC+8", 8],
  ["+08:00", 8],
  ["-05:45", -5.75],
  ["Z", 0],
  ["UTC", 0],
  ["GMT", 0],
  ["PRC", 8],
  ["Etc/GMT-8", 8],
] as const)("%s is %d hours ahead of UTC", (zone, hours) => {
  expect(new ZoneClock(zone).offsetMs(utc("2024-06-01T00:00:00"))).toBe(hours * 3_600_000);
});

test.each(["CST", "cst", "EST", "IST", "SYSTEM", "Asia/Peking", "GMT+19", "GMT+8:77", "", "+8:0"])(
  "%j is no zone, or several, and is refused",
  (zone) => {
    expect(() => new ZoneClock(zone)).toThrow(
      expect.objectContaining({ code: "zone-unknown", exitCode: 2, fields: { zone } }),
    );
  },
);

test("a time that clocks show twice has both its instants, one that they jump over has none", () => {
  const berlin = new ZoneClock("Europe/Berlin");
  expect(berlin.instantsOf(utc("2024-10-27T02:30:00"))).toEqual([
    utc("2024-10-27T00:30:00"),
    utc("2024-10-27T01:30:00"),
  ]);
  expect(berlin.instantsOf(utc("2024-03-31T02:30:00"))).toEqual([]);
  expect(berlin.instantsOf(utc("2024-06-01T12:00:00"))).toEqual([utc("2024-06-01T10:00:00")]);
});

test("every instant is among those of what its clock shows", () => {
  const zones = ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Apia", "GMT+8"];
  const clocks = zones.map((zone) => new ZoneClock(zone));
  fc.assert(
    fc.property(
      fc.constantFrom(...clocks),
      fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2035, 0, 1) }),
      (clock, ms) => {
        expect(clock.instantsOf(clock.wallMs(ms))).toContain(ms);
      },
    ),
  );
});
