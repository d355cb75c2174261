import fc from "fast-check";
import { expect, test } from "vitest";
import { Crc64 } from "../src/crc64.ts";

function crcOf(...pieces: Uint8Array[]): bigint {
  const crc = new Crc64();
  for (const piece of pieces) crc.update(piece);
  return BigInt.asUintN(64, crc.value);
}

/** One bit at a time, as the definition has it. */
function plainCrc(bytes: Uint8Array): bigint {
  let sum = 0xffff_ffff_ffff_ffffn;
  for (const byte of bytes) {
    sum ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) sum = (sum >> 1n) ^ ((sum & 1n) * 0xc96c_5795_d787_0f42n);
  }
  return sum ^ 0xffff_ffff_ffff_ffffn;
}

test("the sum of the digits 1 to 9 is the one that catalogues of CRCs give for CRC-64/XZ", () => {
  expect(crcOf(Buffer.from("123456789"))).toBe(0x995d_c9bb_df19_39fan);
});

test("nothing has the sum 0, as mongodump writes it of an empty collection", () => {
  expect(new Crc64().value).toBe(0n);
});

test("the sum is that of the definition, whatever the pieces", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, cut) => {
      expect(crcOf(bytes.subarray(0, cut), bytes.subarray(cut))).toBe(plainCrc(bytes));
    }),
  );
});

test("the value is signed, as BSON has it", () => {
  const crc = new Crc64();
  crc.update(Buffer.from("123456789"));
  expect(crc.value).toBe(BigInt.asIntN(64, 0x995d_c9bb_df19_39fan));
});
