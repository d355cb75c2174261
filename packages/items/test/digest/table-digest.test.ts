import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addDigests,
  EMPTY_DIGEST,
  isSameDigest,
  subtractDigests,
  TableDigest,
  type PlainDigest,
} from "../../src/digest/table-digest.ts";

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((b) => Buffer.from(b));

function digestOf(hashes: readonly Buffer[]): PlainDigest {
  const digest = new TableDigest();
  for (const h of hashes) digest.add(h);
  return digest.toPlain();
}

function reference(hashes: readonly Buffer[]): PlainDigest {
  const lane = (at: number): string =>
    String(hashes.reduce((sum, h) => (sum + h.readBigUInt64BE(at)) % (1n << 64n), 0n));
  return { rowCount: hashes.length, laneA: lane(0), laneB: lane(8) };
}

test("the lanes are sums modulo 2^64, as BigInt has them", () => {
  fc.assert(
    fc.property(fc.array(hash), (hashes) => {
      expect(digestOf(hashes)).toEqual(reference(hashes));
    }),
  );
});

test("a hash in byte text counts as its bytes do", () => {
  fc.assert(
    fc.property(fc.array(hash), (hashes) => {
      const digest = new TableDigest();
      for (const h of hashes) digest.addText(h.toString("latin1"));
      expect(digest.toPlain()).toEqual(reference(hashes));
    }),
  );
});

test("carries are right where every lane is at its limit", () => {
  const full = Buffer.alloc(32, 0xff);
  const one = Buffer.from("00000000000000010000000000000001".padEnd(64, "0"), "hex");
  const half = Buffer.from("00000000ffffffff00000000ffffffff".padEnd(64, "0"), "hex");
  for (const hashes of [
    [full],
    [full, full],
    [full, one],
    [half, one],
    [half, half],
    Array(1000).fill(full) as Buffer[],
  ])
    expect(digestOf(hashes)).toEqual(reference(hashes));
});

test("order does not matter, and digests of parts add up", () => {
  fc.assert(
    fc.property(fc.array(hash), fc.array(hash), (a, b) => {
      const whole = digestOf([...a, ...b]);
      expect(addDigests(digestOf(b), digestOf(a))).toEqual(whole);
      expect(addDigests(whole, EMPTY_DIGEST)).toEqual(whole);
    }),
  );
});

test("a pair of equal rows does not vanish", () => {
  const row = createHash("sha256").update("row").digest();
  expect(isSameDigest(digestOf([row, row]), EMPTY_DIGEST)).toBe(false);
  expect(isSameDigest(digestOf([row, row]), digestOf([row, row]))).toBe(true);
});

test("rows that are taken out again leave the digest of the others", () => {
  fc.assert(
    fc.property(fc.array(hash), fc.array(hash), (kept, taken) => {
      expect(subtractDigests(digestOf([...kept, ...taken]), digestOf(taken))).toEqual(digestOf(kept));
    }),
  );
});
