import { BSON, Int32 } from "bson";
import { expect, test } from "vitest";
import { LineEncoder } from "../../src/line/writing/encode-line.ts";
import { fromByteText, toByteText } from "../../src/line/byte-text.ts";
import { LineFields } from "../../src/line/reading/line-fields.ts";
import { rawFields, rawLineDocument, rawLineOf } from "../../src/line/raw-line.ts";
import fc from "fast-check";

const document = (...elements: string[]): Buffer => {
  const body = Buffer.from(elements.join(""), "latin1");
  const size = Buffer.alloc(4);
  size.writeInt32LE(body.length + 5);
  return Buffer.concat([size, body, Buffer.alloc(1)]);
};

test("the fields of a raw line have a name and a text where those can be said, and always their element", () => {
  const bytes = document("\x08a\0\x01", "\x02b\0\x02\0\0\0\xff\0", "\x08\xff\0\x00", "\x08a\0\x00");
  const encoder = new LineEncoder();
  encoder.encode(bytes, 0, bytes.length);
  const fields = rawFields(encoder.out.written().toString())!;
  expect(fields.map(({ name, text }) => [name, text])).toEqual([
    ["a", "true"],
    ["b", undefined],
    [undefined, "false"],
    ["a", "false"],
  ]);
  expect(rawLineDocument(rawLineOf(fields.map((f) => f.element)))).toEqual(bytes);
});

test("the fields of a line are cut so that each text is the field's own line", () => {
  const name = fc.string({ unit: "binary" }).filter((n) => !n.includes("\0") && !n.startsWith("$"));
  const value = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom<unknown>(null, true, new Int32(1), [], {}, ["}", '"', "\\"], {
      "a]": [{}],
      'b"': "\\\\",
    }),
  );
  const reader = new LineFields();
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, value), { selector: ([n]) => n }), (fields) => {
      const line = lineOf(new Map(fields));
      const block = toByteText(`before\n${line}\nafter`);
      reader.read(block, 7, block.length - 6);
      const found = Array.from({ length: reader.count }, (_, i) => [
        reader.names[i],
        fromByteText(reader.text(i)),
      ]);
      expect(found).toEqual(fields.map(([n, v]) => [n, lineOf(new Map([["v", v]])).slice(5, -1)]));
    }),
  );
});

test.each([
  "",
  "[]",
  "{",
  '{"a"',
  '{"a":',
  '{"a":1',
  '{"a":1,',
  '{"a":1}}',
  '{"a":1} ',
  '{"a":"b',
  '{"a":[1}',
  "{a:1}",
  '{"a":1, "b":2}',
])("%j is not a line", (line) => {
  expect(() => new LineFields().read(line, 0, line.length)).toThrow();
});

function lineOf(value: object): string {
  const bytes = Buffer.from(BSON.serialize(value, { ignoreUndefined: false }));
  const encoder = new LineEncoder();
  encoder.encode(bytes, 0, bytes.length);
  return encoder.out.written().toString("utf8");
}
