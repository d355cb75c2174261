import { RAW_LINE_START, rawLineDocument } from "@firebreak/archive";
import { BSON, EJSON } from "bson";

/**
 * The BSON of a line, by bson's own reader: right for documents without fields
 * of the types undefined and DBPointer, for which bson has no classes, and
 * without names that are whole numbers, which JavaScript moves.
 */
export function documentOfLine(line: string): Buffer {
  if (line.startsWith(RAW_LINE_START)) return rawLineDocument(line);
  return Buffer.from(BSON.serialize(EJSON.parse(line, { relaxed: false }) as object));
}
