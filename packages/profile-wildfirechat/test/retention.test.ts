import { expect, test } from "vitest";
import { messageTime } from "../src/documents/message-id.ts";
import { messageTableAt, monthsBack } from "../src/target/server-tables.ts";
import { readRetention, retentionHorizon } from "../src/retention.ts";
import { ZoneClock } from "../src/settings/zone-clock.ts";

test.each([
  ["2026-11-22T15:27:50+08:00", "2023-11-23T15:27:50+08:00"],
  ["2024-02-29T12:00:00+08:00", "2021-03-01T12:00:00+08:00"],
  ["2024-02-28T12:00:00+08:00", "2021-03-01T12:00:00+08:00"],
  ["2026-12-31T23:30:00+08:00", "2024-01-01T23:30:00+08:00"],
])("at %s MySQL keeps what is of %s or later", (now, horizon) => {
  const id = retentionHorizon("3y-1d", Date.parse(now), new ZoneClock("Asia/Shanghai"));
  expect(new Date(messageTime(id!))).toEqual(new Date(horizon));
  expect(messageTime(id! - 1n)).toBe(Date.parse(horizon) - 1);
});

test("with all nothing is too old", () => {
  expect(retentionHorizon("all", 0, new ZoneClock("UTC"))).toBe(undefined);
});

test("any other retention is refused", () => {
  expect(() => readRetention("3y")).toThrow(expect.objectContaining({ code: "profile-option-invalid" }));
});

test("a month and the one 36 months before share a table, those between do not", () => {
  const utc = new ZoneClock("UTC");
  const now = messageTableAt(Date.UTC(2026, 10, 15), utc);
  const tables = Array.from({ length: 36 }, (_, k) => monthsBack(now, k));
  expect(tables).toEqual(tables.map((_, k) => messageTableAt(Date.UTC(2026, 10 - k, 15), utc)));
  expect(new Set(tables).size).toBe(36);
  expect(monthsBack(now, 36)).toBe(now);
});
