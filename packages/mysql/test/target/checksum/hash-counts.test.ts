import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { HashCounts } from "../../../src/target/checksum/hash-counts.ts";

const hashOf = (n: number): Buffer => createHash("sha256").update(`${n}`).digest();

test("counts as a Map does, whatever is added and taken", () => {
  const step = fc.record({
    what: fc.constantFrom("add", "add", "add", "take", "takeAll"),
    of: fc.nat(300),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 2000, size: "max" }), (steps) => {
      const counts = new HashCounts(32);
      const model = new Map<number, number>();
      for (const { what, of } of steps) {
        const before = model.get(of) ?? 0;
        if (what === "add") {
          counts.add(hashOf(of));
          model.set(of, before + 1);
        } else if (what === "take") {
          expect(counts.take(hashOf(of))).toBe(before > 0);
          model.set(of, Math.max(0, before - 1));
        } else {
          expect(counts.takeAll(hashOf(of))).toBe(before);
          model.set(of, 0);
        }
      }
      for (let n = 0; n <= 300; n++) expect(counts.count(hashOf(n))).toBe(model.get(n) ?? 0);
      expect(counts.size).toBe([...model.values()].reduce((sum, n) => sum + n, 0));
    }),
    { numRuns: 50 },
  );
});

test("grows with what is in it, and tells hashes apart that begin alike", () => {
  const counts = new HashCounts(16);
  const hashes = Array.from({ length: 20_000 }, (_, n) => {
    const hash = hashOf(n).subarray(0, 16);
    hash.writeUInt32LE(0, 0);
    return hash;
  });
  for (const hash of hashes) counts.add(hash);
  for (const hash of hashes) expect(counts.count(hash)).toBe(1);
  expect(counts.count(hashOf(20_001))).toBe(0);
  expect(counts.size).toBe(20_000);
});
