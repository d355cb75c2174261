import fc from "fast-check";
import { expect, test } from "vitest";
import { LineEnds } from "../../src/parts/line-ends.ts";
import { csvRow } from "../../../mysql-format/src/index.ts";

test.each([
  ["nothing", "", 0, false],
  ["a line", "{}\n", 1, false],
  ["a line and an empty one", "{}\n\n", 2, false],
  ["a line without its end", "{}", 0, true],
])("of NDJSON: %s", (_, text, count, isBegun) => {
  const ends = new LineEnds(false);
  expect(ends.take(Buffer.from(text), 5)).toBe(count);
  expect(ends.isLineBegun).toBe(isBegun);
});

test("more than are expected are not counted to the last one", () => {
  expect(new LineEnds(false).take(Buffer.from("\n".repeat(100)), 2)).toBe(3);
});

const cell = fc.option(fc.stringMatching(/^["\n,a]{0,6}$/), { nil: null });

test("of CSV: as many as rows were written, wherever newlines, quotes and the borders of writes fall", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
      fc.nat(),
      (rows, at) => {
        const texts = rows.map((cells) => csvRow(cells));
        // Whole rows at once.
        const whole = new LineEnds(true);
        const cut = texts.length === 0 ? 0 : at % (texts.length + 1);
        for (const some of [texts.slice(0, cut), texts.slice(cut)])
          expect(whole.take(Buffer.from(some.join("")), some.length)).toBe(some.length);
        expect(whole.isLineBegun).toBe(false);
        // A byte at a time: the writer says of each how many rows end with it.
        const pieces = new LineEnds(true);
        for (const text of texts)
          for (const [i, byte] of Buffer.from(text).entries()) {
            const isEnd = i === text.length - 1;
            expect(pieces.take(Buffer.of(byte), isEnd ? 1 : 0)).toBe(isEnd ? 1 : 0);
          }
        expect(pieces.isLineBegun).toBe(false);
      },
    ),
  );
});

test("of CSV: an empty line behind the last row is one too many", () => {
  expect(new LineEnds(true).take(Buffer.from('"a"\n\n'), 1)).toBe(2);
  expect(new LineEnds(true).take(Buffer.from('"a\nb"\n\n'), 1)).toBe(2);
});

test("of CSV: a value that goes on in the next write keeps the row begun", () => {
  const ends = new LineEnds(true);
  expect(ends.take(Buffer.from('"a\n'), 0)).toBe(0);
  expect(ends.isLineBegun).toBe(true);
  expect(ends.take(Buffer.from('b"\n'), 1)).toBe(1);
  expect(ends.isLineBegun).toBe(false);
});
