import {
  fieldsOf,
  LineEncoder,
  LineFields,
  RAW_LINE_START,
  rawFields,
  type Fields,
} from "@firebreak/archive";
import type { FoundDocument } from "../tested-query.ts";

/** Returns a document's bytes as a line. */
export function foundDocument(bytes: Uint8Array): FoundDocument {
  const encoder = new LineEncoder();
  const document = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  encoder.encode(document, 0, document.length);
  return documentOfLine(encoder.out.written().toString("latin1"));
}

/** Returns a line, in byte text, with its fields. Of a raw line, those that text can say. */
export function documentOfLine(line: string): FoundDocument {
  const isRaw = line.startsWith(RAW_LINE_START);
  return { line, isRaw, fields: isRaw ? sayableFields(line) : fieldsOfText(line) };
}

/** Returns the fields of a JSON object in byte text. */
export function fieldsOfText(text: string): Fields {
  const fields = new LineFields();
  fields.read(text, 0, text.length);
  return fields;
}

function sayableFields(line: string): Fields {
  const fields = rawFields(line) ?? [];
  return fieldsOf(
    fields.flatMap(({ name, text }) => (name === undefined || text === undefined ? [] : [{ name, text }])),
  );
}

/** Returns the text of a document's `_id`, which tells it apart in its collection. */
export function idText({ fields }: Pick<FoundDocument, "fields">): string {
  for (let i = 0; i < fields.count; i++) if (fields.names[i] === "_id") return fields.text(i);
  return "";
}
