import fc from "fast-check";
import { expect, test } from "vitest";
import { contentOf } from "../../src/documents/content.ts";

/** Protobuf's own rule for an int32: seven bits a byte, the lowest first, negative ones as 64 bits. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

test("every int32 of field 1 is read, whatever follows, plain and encrypted", () => {
  fc.assert(
    fc.property(fc.integer(), fc.uint8Array({ maxLength: 8 }), (type, rest) => {
      const plain = Uint8Array.from([0x08, ...varint(type), ...rest]);
      expect(contentOf(plain)).toEqual({ form: "plain", type: BigInt(type) });
      expect(contentOf(plain.map((byte) => byte ^ 0xbd))).toEqual({ form: "xor", type: BigInt(type) });
    }),
  );
});

test.each([
  ["nothing", [], "empty"],
  ["a cut varint", [0x08, 0x80], "plain"],
  ["a cut varint, encrypted", [0xb5, 0x3d], "xor"],
  ["a varint of eleven bytes", [0x08, ...new Array<number>(11).fill(0x80), 0], "plain"],
  ["a body that begins with field 2", [0x12, 0x01, 0x41], "other"],
] as const)("%s says no type", (_, bytes, form) => {
  expect(contentOf(Uint8Array.from(bytes))).toEqual({ form, type: undefined });
});
