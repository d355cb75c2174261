import { LineDecoder } from "@firebreak/archive";

/** The field name that a value has while it is decoded. */
const PREFIX = '{"v":';

/**
 * The offset of the value in a document of one element: after the length, the type, the name `v` and a zero.
 */
const VALUE_AT = 7;

const decoder = new LineDecoder();

/**
 * Encodes a field as a BSON element: type, name, value.
 *
 * @param name the field's name, as real text.
 * @param text the field's value, as byte text.
 * @throws Error if the text is not a value.
 */
export function bsonElement(name: string, text: string): Buffer {
  decoder.out.clear();
  const line = Buffer.from(`${PREFIX}${text}}`, "latin1");
  decoder.decode(line, 0, line.length);
  const document = decoder.out.written();
  return Buffer.concat([
    document.subarray(4, 5),
    Buffer.from(`${name}\0`, "utf8"),
    document.subarray(VALUE_AT, document.length - 1),
  ]);
}
