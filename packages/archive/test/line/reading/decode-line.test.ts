import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineDecoder } from "../../../src/line/reading/decode-line.ts";
import { LineEncoder } from "../../../src/line/writing/encode-line.ts";
import { saying, worded } from "@firebreak/testing/command-line/worded";
import {
  binaryOf,
  documentOf,
  element,
  int32,
  nested,
  stringOf,
} from "@firebreak/testing/documents/bson-bytes";
import hostileLines from "../hostile-lines.json" with { type: "json" };
import rawLines from "../raw-lines.json" with { type: "json" };

const decoder = new LineDecoder();
const encoder = new LineEncoder();

function lineOf(document: Buffer): Buffer {
  encoder.out.clear();
  encoder.encode(document, 0, document.length);
  return Buffer.from(encoder.out.written());
}

function documentOfLine(line: Buffer | string): Buffer {
  const bytes = Buffer.from(line);
  decoder.out.clear();
  decoder.decode(bytes, 0, bytes.length);
  return Buffer.from(decoder.out.written());
}

/** The document of one field `a`. */
const ofA = (type: number, ...value: readonly Buffer[]): Buffer => documentOf([element(type, "a", ...value)]);

const hostile = hostileLines.map(({ title, line, hex, reason }) => ({
  title,
  bytes: hex === undefined ? Buffer.from(line ?? "") : Buffer.from(hex, "hex"),
  reason,
}));

describe.each(hostile)("$title is no line", ({ bytes, reason }) => {
  test(`for ${reason}`, () => {
    expect(() => documentOfLine(bytes)).toThrow(expect.objectContaining({ reason: worded(reason) }));
  });

  test("wherever it stands, and what was decoded before it stays", () => {
    const around = Buffer.concat([Buffer.from('{"b":true}'), bytes, Buffer.from('"}}}]}')]);
    decoder.out.clear();
    decoder.decode(around, 0, 10);
    const before = Buffer.from(decoder.out.written());
    expect(() => decoder.decode(around, 10, 10 + bytes.length)).toThrow();
    expect(decoder.out.written()).toEqual(before);
  });
});

test("every part of a line that does not reach its end is no line, even where the rest follows behind it", () => {
  const document = documentOf([
    element(0x05, "b", binaryOf(0, Buffer.alloc(100, 1))),
    element(0x02, "s", stringOf('"\\\u0001é')),
    element(0x04, "l", documentOf([element(0x10, "0", int32(-7)), element(0x0a, "1")])),
    element(0x0f, "c", int32(16), stringOf("f"), Buffer.from("0500000000", "hex").subarray(0, 5)),
    element(0x01, "d", Buffer.from("9a9999999999b93f", "hex")),
  ]);
  const line = lineOf(document);
  for (let end = 0; end < line.length; end++) expect(() => decoder.decode(line, 0, end)).toThrow();
  decoder.out.clear();
  decoder.decode(line, 0, line.length);
  expect(decoder.out.written()).toEqual(document);
});

test.each(rawLines)("$title: the raw line gives the very bytes", ({ hex }) => {
  expect(documentOfLine(lineOf(Buffer.from(hex, "hex"))).toString("hex")).toBe(hex);
});

test("documents are appended, so that several lines can be decoded in a row", () => {
  const lines = Buffer.from('{"a":null}\n{}\n{"a":true}');
  decoder.out.clear();
  decoder.decode(lines, 0, 10);
  decoder.decode(lines, 11, 13);
  decoder.decode(lines, 14, 24);
  expect(decoder.out.written()).toEqual(
    Buffer.concat([ofA(0x0a), documentOf([]), ofA(0x08, Buffer.from([1]))]),
  );
});

test("200 levels are read, and no more", () => {
  const line = (levels: number): string => `${'{"a":'.repeat(levels)}{}${"}".repeat(levels)}`;
  expect(documentOfLine(line(200))).toEqual(nested(200));
  expect(() => documentOfLine(line(201))).toThrow(saying("more than 200 levels begin at byte 1006"));
  expect(() => documentOfLine(`{"a":${"[".repeat(100_000)}`)).toThrow(saying("more than 200 levels"));
});

test("a name twice is noticed in any place among hundreds, and after documents of the same names", () => {
  const names = Array.from({ length: 300 }, (_, i) => `"f${i}":null`);
  for (let round = 0; round < 3; round++) {
    expect(documentOfLine(`{${names.join(",")}}`)).toHaveLength(1695);
    for (const at of [1, 10, 24, 25, 26, 100, 299, 300])
      expect(() => documentOfLine(`{${names.toSpliced(at, 0, names[at - 1]!).join(",")}}`)).toThrow(
        saying(/^a name stands for the second time/),
      );
  }
});

test("documents of ever other names come back, though it stops learning them", () => {
  for (let i = 0; i < 6000; i++) {
    const document = documentOf([
      element(0x0a, `k${i}`),
      element(0x03, "s", documentOf([element(0x0a, `x${i % 7}`), element(0x0a, `y${i}`)])),
      element(0x0a, `z${i % 3}`),
    ]);
    expect(documentOfLine(lineOf(document)).equals(document)).toBe(true);
  }
});

test("an array of a thousand has the names 0 to 999", () => {
  const array = documentOf(Array.from({ length: 1000 }, (_, i) => element(0x0a, String(i))));
  expect(documentOfLine(`{"a":[${Array(1000).fill("null").join(",")}]}`)).toEqual(ofA(0x04, array));
});

test.each([0, 1, 2, 3, 47, 48, 49, 50, 51, 240, 241, 786_431, 786_432, 786_433, 2_000_000])(
  "a binary of %d bytes comes back, and no other base64 passes for it",
  (length) => {
    const document = ofA(0x05, binaryOf(0x80, Buffer.alloc(length, 0xfb)));
    const line = lineOf(document);
    expect(documentOfLine(line).equals(document)).toBe(true);
    const from = '{"a":{"$binary":{"base64":"'.length;
    const to = line.length - '","subType":"80"}}}'.length;
    for (const at of [from, from + 63, from + 64, (1 << 20) + from, (1 << 20) + from + 63, to - 1])
      for (const byte of Buffer.from("=-_ \n")) {
        if (at >= to || line[at] === byte) continue;
        const changed = Buffer.from(line);
        changed[at] = byte;
        expect(() => documentOfLine(changed), `${at}`).toThrow();
      }
  },
);

test("a string of a million zeros comes back, in six times the room", () => {
  const document = ofA(0x02, stringOf(Buffer.alloc(1_000_000)));
  const line = lineOf(document);
  expect(line.length).toBeGreaterThan(6_000_000);
  expect(documentOfLine(line).equals(document)).toBe(true);
});

test("padding between two halves of a long base64 is refused where one native call ends and the next begins", () => {
  const half = Buffer.alloc(786_430, 1).toString("base64");
  expect(half).toMatch(/=$/);
  const first = Buffer.alloc(48 + 786_432 - 2, 1).toString("base64");
  const line = `{"a":{"$binary":{"base64":"${first}${half}","subType":"00"}}}`;
  expect(() => documentOfLine(line)).toThrow(saying("something other than exact base64 stands"));
});

test("64-bit integers come back from their digits as BigInt writes them", () => {
  const edges = [0n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 10n ** 15n, 10n ** 18n, 2n ** 63n].flatMap((n) => [
    n - 1n,
    n,
    n + 1n,
    -n - 1n,
    -n,
    1n - n,
  ]);
  const check = (n: bigint): void => {
    if (n < -(2n ** 63n) || n >= 2n ** 63n) return;
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(n);
    const document = ofA(0x12, bytes);
    expect(lineOf(document).toString()).toBe(`{"a":{"$numberLong":"${n}"}}`);
    expect(documentOfLine(`{"a":{"$numberLong":"${n}"}}`)).toEqual(document);
  };
  edges.forEach(check);
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), check), { numRuns: 2000 });
});

test("doubles come back as the same bits from the text that JavaScript has for them", () => {
  const check = (bits: Buffer): void => {
    const value = bits.readDoubleLE();
    if (!Number.isFinite(value)) return;
    const document = ofA(0x01, bits);
    const line = lineOf(document).toString();
    const said = line.slice('{"a":{"$numberDouble":"'.length, -'"}}'.length);
    expect(Object.is(Number(said), value)).toBe(true);
    expect(
      Math.abs(value) < 1e16 ? said.replace(/\.0(?=E|$)/, "").replace("E", "e") : Number(said).toString(),
    ).toBe(Object.is(value, -0) ? "-0" : String(value));
    expect(documentOfLine(line)).toEqual(document);
  };
  const bits = (value: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return bytes;
  };
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ minLength: 8, maxLength: 8 }).map((b) => Buffer.from(b)),
        fc.double().map(bits),
        fc
          .tuple(fc.maxSafeInteger(), fc.nat(22))
          .map(([digits, decimals]) => bits(Number(`${digits}E-${decimals}`))),
        fc.tuple(fc.integer(), fc.nat(9)).map(([digits, decimals]) => bits(digits / 10 ** decimals)),
      ),
      check,
    ),
    { numRuns: 5000 },
  );
});
