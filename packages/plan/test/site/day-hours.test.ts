import { expect, test } from "vitest";
import { DAY_MS, dayHours, recentDays } from "../../src/site/day-hours.ts";

const HOUR_MS = 3_600_000;
const OF = { zone: "UTC", until: "2026-11-20T04:00:00.000Z", days: 2 };
const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS) % 24;

test("documents are added up by the hour of the day, and the quietest hours go past midnight", () => {
  const busy = Array.from({ length: 21 }, (_, i) => ({ ms: (i + 2) * HOUR_MS, documents: 5 }));
  const times = [...busy, { ms: DAY_MS + 2 * HOUR_MS, documents: 7 }, { ms: 0, documents: 1 }];
  const hours = dayHours(times, hourOf, OF);
  expect(hours).toMatchObject(OF);
  expect(hours.documents[0]).toBe(1);
  expect(hours.documents[2]).toBe(12);
  expect(hours.documents[23]).toBe(0);
  expect(hours.quietest).toEqual([23, 0, 1]);
});

test("of hours that are alike the first ones are named", () => {
  expect(dayHours([], hourOf, OF).quietest).toEqual([0, 1, 2]);
});

test.each([
  [DAY_MS - 1, undefined],
  [DAY_MS, 1],
  [10 * DAY_MS, 10],
  [900 * DAY_MS, 28],
])("documents of %s ms tell of %s days", (ms, days) => {
  expect(recentDays({ fromMs: 1000, untilMs: 1000 + ms })).toBe(days);
});
