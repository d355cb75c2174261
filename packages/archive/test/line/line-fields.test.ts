import fc from "fast-check";
import { expect, test } from "vitest";
import { arrayElements } from "../../src/line/line-fields.ts";

test("the elements of an array are cut so that each is its own text", () => {
  const value = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom<unknown>(true, null, 1, [], {}, [[1], "]"], { a: [1, 2], b: "}," }),
  );
  fc.assert(
    fc.property(fc.array(value), (values) => {
      expect(arrayElements(JSON.stringify(values))).toEqual(values.map((v) => JSON.stringify(v)));
    }),
  );
});

test.each(["", "{}", "[", "[1", "[1,", "[1,]", "[{} ,2]", "[1]x", '["a]', "[{]"])(
  "%j is no array",
  (text) => {
    expect(() => arrayElements(text)).toThrow(Error);
  },
);
