import fc from "fast-check";
import { expect, test } from "vitest";
import { arrayElements, LineFields } from "../../../src/line/reading/line-fields.ts";

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

test("a value is of its own kind, whatever kind stood in its place in the line before", () => {
  const binary = (base64: string, subType: string): string =>
    `{"$binary":{"base64":"${base64}","subType":"${subType}"}}`;
  const uuid = "AQEBAQEBAQEBAQEBAQEBAQ==";
  const values = [
    ["uuid", binary(uuid, "04")],
    ["other", binary("AQEBAQEBAQEBAQEBAQEBAQE=", "04")],
    ["uuidLegacy", binary(uuid, "03")],
    ["binary", binary(uuid, "00")],
    ["other", binary("", "04")],
    ["int32", '{"$numberInt":"1"}'],
    ["string", `"${uuid}"`],
  ] as const;
  const fields = new LineFields();
  for (const first of values)
    for (const [kind, text] of values) {
      for (const value of [first[1], text]) {
        const line = `{"_id":true,"v":${value}}`;
        fields.read(line, 0, line.length);
      }
      expect([fields.kinds[1], fields.text(1)]).toEqual([kind, text]);
    }
});
