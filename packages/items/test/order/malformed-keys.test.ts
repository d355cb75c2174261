import { describe, expect, test } from "vitest";
import { collectionOrder, DOCUMENT_KEY, keyLineOf } from "../../src/index.ts";
import { LineFields, LineWriter } from "../../../archive/src/index.ts";
import { documentOf, element, int32, stringOf } from "@firebreak/testing/documents/bson-bytes";

/** Values whose own length is right, and within which something is not. */
const MALFORMED: readonly (readonly [name: string, type: number, value: Buffer])[] = [
  [
    "a document with a value longer than itself",
    0x03,
    documentOf([element(0x02, "a", int32(99), Buffer.alloc(5))]),
  ],
  ["an array with a value of no type", 0x04, documentOf([element(0x20, "0", int32(1))])],
  ["a scope that ends too late", 0x0f, Buffer.concat([int32(18), stringOf("c"), int32(99), Buffer.alloc(4)])],
];

function keyLineOfId(type: number, value: Buffer): string {
  const document = documentOf([element(type, "_id", value), element(0x10, "n", int32(1))]);
  const writer = new LineWriter();
  writer.write(document, 0, document.length);
  const line = writer.out.written().toString("latin1");
  return keyLineOf({ line, fields: new LineFields() }, DOCUMENT_KEY)!;
}

describe.each(["{}", '{"collation":{"locale":"en"}}'])("of a collection with options %s", (optionsText) => {
  const orderOf = collectionOrder({ optionsText, indexTexts: [] });

  test.each(MALFORMED)("the place of %s is not known", (_, type, value) => {
    expect(orderOf(keyLineOfId(type, value))).toBeUndefined();
  });
});
