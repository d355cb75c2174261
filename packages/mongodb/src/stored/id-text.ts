import { LineEncoder } from "@firebreak/archive";
import { BSON } from "mongodb";

const encoder = new LineEncoder();

/** Returns the `_id` as canonical Extended JSON, in base64 if that is impossible. Empty if there is none. */
export function idText(document: Buffer): string {
  for (const [type, nameAt, nameLength, offset, length] of BSON.onDemand.parseToElements(document)) {
    if (document.toString("latin1", nameAt, nameAt + nameLength) !== "_id") continue;
    encoder.out.clear();
    return encoder.encodeValue(document, type & 0xff, offset, offset + length)
      ? encoder.out.written().toString("utf8")
      : document.toString("base64", offset, offset + length);
  }
  return "";
}
