import { BSON } from "bson";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { saying, worded } from "@firebreak/testing/command-line/worded";
import { DocumentCutter, isTerminator } from "../src/document-cutter.ts";

const TERMINATOR = Buffer.from("ffffffff", "hex");
const bytesOf = (document: object): Buffer => Buffer.from(BSON.serialize(document));

/** What a cutter makes of a stream in blocks of these sizes, the last one over and over. */
function cutIn(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const cutter = new DocumentCutter("FILE");
  const units: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[Math.min(turn, sizes.length - 1)]!;
    units.push(...cutter.cut(bytes.subarray(at, at + size)));
    at += size;
  }
  cutter.end();
  return units;
}

const unit = fc.oneof(
  fc.constant(TERMINATOR),
  fc.string({ maxLength: 40 }).map((text) => bytesOf({ text })),
  fc.constant(bytesOf({})),
);

describe("a stream of documents", () => {
  test("is cut into the same ones whatever its blocks are", () => {
    fc.assert(
      fc.property(
        fc.array(unit),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
        (units, sizes) => {
          expect(cutIn(Buffer.concat(units), sizes)).toEqual(units);
        },
      ),
    );
  });

  test("may come a byte at a time", () => {
    const units = [bytesOf({ a: 1 }), TERMINATOR, bytesOf({}), bytesOf({ b: "two" })];
    expect(cutIn(Buffer.concat(units), [1])).toEqual(units);
  });

  test("may have documents of 16 MiB, and none much larger", () => {
    const huge = bytesOf({ v: Buffer.alloc(16 << 20) });
    expect(cutIn(huge, [1 << 20])[0]?.equals(huge)).toBe(true);
    const tooLarge = Buffer.alloc(5);
    tooLarge.writeInt32LE((16 << 20) + (16 << 10) + 1);
    expect(() => cutIn(tooLarge, [5])).toThrow(saying("16793601 is no length of a document"));
  });

  test("that is cut short anywhere but between two says where", () => {
    const first = bytesOf({ a: 1 });
    const bytes = Buffer.concat([first, bytesOf({ b: "two" })]);
    for (let end = 1; end < bytes.length; end++)
      if (end !== first.length)
        expect(() => cutIn(bytes.subarray(0, end), [7])).toThrow(
          expect.objectContaining({
            code: "dump-damaged",
            fields: {
              file: "FILE",
              offset: end < first.length ? 0 : first.length,
              reason: worded(expect.stringContaining("it ends after")),
            },
          }),
        );
  });

  test.each([-2, 0, 4, 0x7fffffff])("with the length %d says at which byte", (length) => {
    const first = bytesOf({ a: 1 });
    const wrong = Buffer.alloc(8);
    wrong.writeInt32LE(length);
    for (const size of [1, 1000])
      expect(() => cutIn(Buffer.concat([first, wrong]), [size])).toThrow(
        expect.objectContaining({
          fields: {
            file: "FILE",
            offset: first.length,
            reason: worded(`${length} is no length of a document`),
          },
        }),
      );
  });

  test("with a document that does not end in a zero is refused", () => {
    const wrong = bytesOf({ a: 1 });
    wrong[wrong.length - 1] = 1;
    expect(() => cutIn(wrong, [1000])).toThrow(saying("does not end in a zero"));
  });

  test("has terminators apart from documents", () => {
    expect([TERMINATOR, bytesOf({})].map(isTerminator)).toEqual([true, false]);
  });
});
