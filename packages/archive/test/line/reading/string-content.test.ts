import fc from "fast-check";
import { expect, test } from "vitest";
import { fromByteText, toByteText } from "../../../src/line/byte-text.ts";
import { stringOf } from "../../../src/line/reading/string-content.ts";

const contentOf = (json: string): string => toByteText(json.slice(1, -1));

test.each(["", "plain", "\\", '"', "\n\t\0", "\u2028", "é😀", "\\u0041", "\\\\n"])(
  "the string %j comes back",
  (text) => {
    expect(fromByteText(stringOf(contentOf(JSON.stringify(text))))).toBe(text);
  },
);

test("a long content is unescaped piece by piece, wherever the pieces end", () => {
  const bit = fc.constantFrom(
    "\\\\",
    "\\u0000",
    "\\n",
    '\\"',
    "\\ud83d\\ude00",
    "\\uD83D\\uDE00",
    "u00",
    "é",
    "😀",
    "x",
    "\\\\u0041",
    "\\\\ud83d",
  );
  fc.assert(
    fc.property(fc.array(bit, { maxLength: 60 }), fc.integer({ min: 16, max: 40 }), (bits, pieceBytes) => {
      const json = `"${bits.join("")}"`;
      expect(fromByteText(stringOf(contentOf(json), pieceBytes))).toBe(JSON.parse(json));
    }),
    { numRuns: 5000 },
  );
});
