import { expect, test } from "vitest";
import { ChatCounter } from "../../src/planned/chat-counter.ts";
import { ID_EPOCH_MS } from "../../src/documents/message-id.ts";
import { readProfileOptions } from "../../src/settings/profile-options.ts";
import { siteSettings } from "../../src/settings/site-settings.ts";

const QUARTER_MS = 900_000;
const keyOf = (iso: string): number => (Date.parse(iso) - ID_EPOCH_MS) / QUARTER_MS;
const counter = (options: readonly string[] = [], jdbc = "GMT+8"): ChatCounter =>
  new ChatCounter({
    options: readProfileOptions(options),
    site: siteSettings({ c3p0: `jdbc:mysql://h/d?serverTimezone=${jdbc}` }),
    facts: undefined,
  });
const place = (collection: string) => ({ database: "d", collection });
/** 20:00 UTC on the last day of November is 1 December in Shanghai: table 10 there, and 11 here. */
const BORDER = { key: keyOf("2026-11-30T20:00:00Z"), documents: 2, bytes: 10 };
const MIDDLE = { key: keyOf("2026-11-15T20:00:00Z"), documents: 3, bytes: 20 };

test("messages near a month's border decide the zone, and with it the months", () => {
  for (const [table, zone, month] of [
    [22, "UTC", "2026-11"],
    [23, "Asia/Shanghai", "2026-12"],
  ] as const) {
    const counts = counter();
    counts.add(place(`t_messages_${table}`), BORDER);
    const found = counts.finish();
    expect(found.zone).toBe(zone);
    expect(found.tables).toEqual([
      { table: `t_messages_${table}`, month, documents: 2, bytes: 10, recentDocuments: 0 },
    ]);
  }
});

test("a zone that was given wins, and without any the zone of the dates counts", () => {
  const given = counter(["zone=UTC"]);
  given.add(place("t_messages_23"), BORDER);
  expect(given.finish().zone).toBe("UTC");
  const undecided = counter([], "Asia/Tokyo");
  undecided.add(place("t_messages_22"), MIDDLE);
  expect(undecided.finish().zone).toBe("Asia/Tokyo");
});

test("recent messages have their hour by the zone's clock", () => {
  const counts = counter(["zone=Asia/Kolkata"]);
  counts.add(place("t_messages_22"), MIDDLE);
  counts.addRecent(place("t_messages_22"), MIDDLE);
  const count = counts.finish();
  const { times, tables } = count;
  expect(times).toEqual([{ ms: Date.parse("2026-11-15T20:00:00Z"), documents: 3 }]);
  expect(times.map(({ ms }) => count.hourOf(ms))).toEqual([1]);
  expect(tables[0]!.recentDocuments).toBe(3);
});

test("users' documents go to the table of their user, wherever they are, and others to none", () => {
  const counts = counter();
  counts.add(place("t_user_messages_5"), { key: "a", documents: 1, bytes: 7 });
  counts.addRecent(place("t_user_messages_5"), { key: "a", documents: 1, bytes: 7 });
  counts.add(place("t_user_messages_5"), { key: 17, documents: 2, bytes: 8 });
  counts.add(place("t_messages_5"), { key: null, documents: 4, bytes: 9 });
  const { tables, unplaced } = counts.finish();
  // Java's hash of "a" is 97.
  expect(tables).toEqual([{ table: "t_user_messages_97", documents: 1, bytes: 7, recentDocuments: 1 }]);
  expect(unplaced).toEqual({ documents: 6, bytes: 17 });
});

test("the span ends with the newest quarter of an hour that is not in the future", () => {
  const counts = counter();
  expect(counts.span(Date.parse("2026-12-01T00:00:00Z"))).toBeUndefined();
  counts.add(place("t_messages_22"), MIDDLE);
  counts.add(place("t_messages_22"), BORDER);
  expect(counts.span(Date.parse("2026-11-20T00:00:00Z"))).toEqual({
    fromMs: Date.parse("2026-11-15T20:00:00Z"),
    untilMs: Date.parse("2026-11-15T20:15:00Z"),
  });
});
