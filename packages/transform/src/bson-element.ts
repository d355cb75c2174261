import { LineDecoder } from "@firebreak/archive";

/** The name that a value has while it is decoded. */
const PREFIX = '{"v":';

/** Where the value of the only element begins: behind the length, its type, the name `v` and a zero. */
const VALUE_AT = 7;

const decoder = new LineDecoder();

/**
 * The BSON element of a field: type, name, value.
 *
 * @param name real text. @param text of the value, in byte text.
 * @throws Error where the text is no value.
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
