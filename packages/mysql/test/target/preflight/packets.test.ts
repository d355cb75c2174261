import { expect, test } from "vitest";
import { packetFindings } from "../../../src/target/preflight/packets.ts";
import { items } from "./items.ts";

const table = items({ largestValueBytes: 6_000_000, largestRowBytes: 9_000_000 });

test("a value in base64 or a row to be hashed has to fit max_allowed_packet", () => {
  const small = { what: "packet-small", table: "items", needed: 9_000_000, limit: 8_999_999 };
  expect(packetFindings([table], 8_999_999, true)).toEqual({ findings: [small], notes: [] });
  expect(packetFindings([table], 9_000_000, true)).toEqual({ findings: [], notes: [] });
  const binary = items({ largestValueBytes: 9_000_000, largestRowBytes: 9_000_100 });
  expect(packetFindings([binary], 12_001_024, true).findings).toEqual([]);
  expect(packetFindings([binary], 12_001_023, true).findings).toMatchObject([{ needed: 12_001_024 }]);
});

test("a row whose values are hashed alone needs no more than its largest value does", () => {
  const apart = items({ rowEncoding: "value-hashes", largestValueBytes: 6_000_000, largestRowBytes: 64 });
  expect(packetFindings([apart], 8_001_024, true).findings).toEqual([]);
});

test("without LOCAL a row has to fit as a statement, and it is said where it may not", () => {
  expect(packetFindings([table], 9_000_000, false).findings).toMatchObject([{ what: "packet-small" }]);
  const { findings, notes } = packetFindings([table], 16 << 20, false);
  expect(findings).toEqual([]);
  expect(notes).toMatchObject([{ code: "load-packet-tight", fields: { table: "items", limit: 16 << 20 } }]);
  expect(packetFindings([table], 19_000_000, false)).toEqual({ findings: [], notes: [] });
});
