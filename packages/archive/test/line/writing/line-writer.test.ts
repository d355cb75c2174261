import { BSON, Int32 } from "bson";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LineEncoder } from "../../../src/line/writing/encode-line.ts";
import { LineWriter } from "../../../src/line/writing/line-writer.ts";
import { rawLineDocument } from "../../../src/line/raw-line.ts";
import { saying } from "@firebreak/testing/command-line/worded";
import { anyDocument } from "@firebreak/testing/documents/any-document";

const document = Buffer.from(BSON.serialize({ a: new Int32(12), b: "text", c: [true, null] }));
const LINE = '{"a":{"$numberInt":"12"},"b":"text","c":[true,null]}';
const RAW = `{"$firebreak":{"bson":"${document.toString("base64")}"}}`;

/** An encoder with a bug: `spoil` changes what it wrote. */
class WrongEncoder extends LineEncoder {
  readonly #spoil: (line: string) => string;

  constructor(spoil: (line: string) => string) {
    super();
    this.#spoil = spoil;
  }

  override encode(source: Buffer, start: number, length: number): void {
    const before = this.out.at;
    super.encode(source, start, length);
    const line = this.out.bytes.toString("latin1", before, this.out.at);
    this.out.at = before;
    this.out.ascii(this.#spoil(line));
  }
}

function lineBy(encoder: LineEncoder): string {
  const writer = new LineWriter(encoder);
  writer.out.put(Buffer.from("before\n"));
  writer.write(document, 0, document.length);
  return writer.out.written().toString();
}

test("a line that gives its document back is written as it is, behind what was written before", () => {
  expect(lineBy(new LineEncoder())).toBe(`before\n${LINE}`);
});

test.each<[string, (line: string) => string]>([
  ["says another number", (line) => line.replace("12", "13")],
  ["says another type", (line) => line.replace("$numberInt", "$numberLong")],
  ["says another name", (line) => line.replace('"b"', '"d"')],
  ["leaves a field out", (line) => line.replace('"b":"text",', "")],
  ["leaves the last element of an array out", (line) => line.replace(",null", "")],
  ["has a field too many", (line) => line.replace("]}", '],"d":null}')],
  ["has its fields in another order", () => '{"b":"text","a":{"$numberInt":"12"},"c":[true,null]}'],
  ["is cut", (line) => line.slice(0, -1)],
  ["has white space", (line) => line.replace(":[", ": [")],
  ["spells a letter otherwise", (line) => line.replace("text", "t\\u0065xt")],
  ["spells a number otherwise", (line) => line.replace("12", "012")],
  ["is nothing", () => ""],
  ["is another document's", () => "{}"],
  ["is a raw line of other bytes", () => '{"$firebreak":{"bson":"BQAAAAA="}}'],
])("a line that %s is replaced by the raw line", (_, spoil) => {
  expect(spoil(LINE)).not.toBe(LINE);
  expect(lineBy(new WrongEncoder(spoil))).toBe(`before\n${RAW}`);
});

test("an encoder that fails leaves the raw line, too", () => {
  const encoder = new WrongEncoder(() => {
    throw new RangeError("out of bounds");
  });
  expect(lineBy(encoder)).toBe(`before\n${RAW}`);
});

test("whatever byte an encoder gets wrong, the line that is written gives the document back", () => {
  fc.assert(
    fc.property(anyDocument, fc.nat(), fc.integer({ min: 32, max: 126 }), (source, at, byte) => {
      const writer = new LineWriter(
        new WrongEncoder((line) => {
          const i = at % line.length;
          return line.slice(0, i) + String.fromCharCode(byte) + line.slice(i + 1);
        }),
      );
      writer.write(source, 0, source.length);
      const reader = new LineWriter();
      reader.write(source, 0, source.length);
      const line = writer.out.written().toString("latin1");
      if (line !== reader.out.written().toString("latin1")) expect(rawLineDocument(line)).toEqual(source);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ["no bytes", ""],
  ["a length that is too large", "0600000000"],
  ["a length that is too small", "050000000000"],
  ["half a length", "0500"],
])("%s have no line, and nothing is written", (_, hex) => {
  const bytes = Buffer.from(hex, "hex");
  const writer = new LineWriter();
  writer.out.put(Buffer.from("before\n"));
  expect(() => writer.write(bytes, 0, bytes.length)).toThrow(
    saying(`${bytes.length} bytes that are no document`),
  );
  expect(writer.out.written().toString()).toBe("before\n");
});
