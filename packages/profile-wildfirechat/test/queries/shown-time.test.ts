import { expect, test } from "vitest";
import { firstMessageId } from "../../src/documents/message-id.ts";
import { columnTime, documentTime } from "../../src/queries/shown-time.ts";
import { clockOf } from "../../src/settings/zone-clock.ts";

const at = (text: string): bigint => firstMessageId(Date.parse(text));

test("a document's time is rounded half up to the second, and the id's stands in for a missing one", () => {
  const id = at("2024-05-01T00:00:00.499Z");
  expect(documentTime(new Date("2024-05-01T10:00:00.500Z"), id)).toBe("2024-05-01T10:00:01.000Z");
  expect(documentTime(new Date("2024-05-01T10:00:00.499Z"), id)).toBe("2024-05-01T10:00:00.000Z");
  expect(documentTime(undefined, id)).toBe("2024-05-01T00:00:00.000Z");
});

test("a column is read in the server's zone", () => {
  const id = at("2024-05-01T02:00:00Z");
  expect(columnTime("2024-05-01 10:00:00", id, clockOf("GMT+8"))).toBe("2024-05-01T02:00:00.000Z");
  expect(columnTime("2024-05-01 10:00:00", id, clockOf("GMT+9"))).toBe("2024-05-01T01:00:00.000Z");
});

test("of an hour that clocks showed twice, the one nearer to the id counts; one never shown is read all the same", () => {
  const zone = clockOf("Europe/Berlin");
  const twice = "2024-10-27 02:30:00";
  expect(columnTime(twice, at("2024-10-27T00:30:00Z"), zone)).toBe("2024-10-27T00:30:00.000Z");
  expect(columnTime(twice, at("2024-10-27T01:30:00Z"), zone)).toBe("2024-10-27T01:30:00.000Z");
  expect(columnTime("2024-03-31 02:30:00", at("2024-03-31T00:30:00Z"), zone)).toMatch(/^2024-03-31T0[01]:30/);
});
