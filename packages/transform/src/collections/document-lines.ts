import { base64Length } from "@firebreak/items";
import {
  LineDecoder,
  LineFields,
  LineWriter,
  stringLength,
  type Fields,
  type LineBuffer,
} from "@firebreak/archive";
import { bsonElement } from "../survey/bson-element.ts";
import { largestField } from "./document-fields.ts";
import type { DocumentRefusal, MappedDocument } from "./document-mapper.ts";

/** The most bytes of a document in MongoDB (manual, "BSON Document Size"). */
export const MAX_DOCUMENT_BYTES = 16 << 20;

/** The reason why a row cannot be a document, and the field to blame. */
export interface Refusal {
  readonly reason: DocumentRefusal;
  readonly field: string;
}

/** Collects documents as lines, and decodes each to prove it. Returns the reason if a row cannot be one. */
export class DocumentLines {
  readonly #writer = new LineWriter();
  readonly #decoder = new LineDecoder();
  /** The lines, each with its line end. */
  readonly out: LineBuffer = this.#writer.out;

  /**
   * Adds a document.
   *
   * @returns the document's bytes, valid until the next call, or the refusal.
   */
  add(mapped: MappedDocument): Refusal | { readonly bson: Buffer } {
    switch (mapped.kind) {
      case "quarantine":
        return mapped;
      case "line":
        return this.#addLine(mapped.line);
      case "elements":
        return this.#addElements(mapped.elements);
    }
  }

  #addLine(line: string): Refusal | { readonly bson: Buffer } {
    const { out } = this;
    const { out: decoded } = this.#decoder;
    const from = out.at;
    // Reserves the line end too. Otherwise the buffer could grow once more for it and become twice as large.
    out.reserve(line.length + 1);
    out.ascii(line);
    decoded.clear();
    try {
      this.#decoder.decode(out.bytes, from, out.at);
    } catch {
      out.at = from;
      return { reason: "value-unfit", field: unsoundField(line) };
    }
    if (decoded.at > MAX_DOCUMENT_BYTES) {
      out.at = from;
      return { reason: "document-too-large", field: largestField(fieldsOf(line)) };
    }
    out.ascii("\n");
    return { bson: decoded.written() };
  }

  #addElements(elements: readonly Buffer[]): Refusal | { readonly bson: Buffer } {
    const length = elements.reduce((sum, element) => sum + element.length, 5);
    if (length > MAX_DOCUMENT_BYTES) return { reason: "document-too-large", field: "" };
    const head = Buffer.alloc(4);
    head.writeInt32LE(length);
    const bson = Buffer.concat([head, ...elements, Buffer.alloc(1)]);
    this.#writer.write(bson, 0, bson.length);
    this.out.ascii("\n");
    return { bson };
  }
}

/**
 * Refuses a row whose values alone exceed the size of a document. It does so without making the document,
 * which would take several times the memory.
 */
export function refuseTooLarge(fields: Fields): Refusal | undefined {
  let bytes = 0;
  for (let i = 0; i < fields.count; i++) {
    const content = fields.contents[i]!;
    if (fields.kinds[i] === "string") bytes += stringLength(content);
    else if (fields.kinds[i] === "binary") bytes += base64Length(content);
  }
  return bytes > MAX_DOCUMENT_BYTES
    ? { reason: "document-too-large", field: largestField(fields) }
    : undefined;
}

/** Returns the first field whose text is not a value. */
function unsoundField(line: string): string {
  const fields = fieldsOf(line);
  const at = Array.from({ length: fields.count }, (_, i) => i).find((i) => !isSound(fields.text(i)));
  return at === undefined ? "" : fields.names[at]!;
}

function isSound(text: string): boolean {
  try {
    bsonElement("v", text);
    return true;
  } catch {
    return false;
  }
}

/** Returns the fields of a line, or none if the line is not an object. */
function fieldsOf(line: string): LineFields {
  const fields = new LineFields();
  try {
    fields.read(line, 0, line.length);
  } catch {
    fields.count = 0;
  }
  return fields;
}
