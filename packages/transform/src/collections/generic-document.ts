import {
  contentOf,
  kindOf,
  LineFields,
  RAW_LINE_START,
  rawFields,
  stringOf,
  toByteText,
  WRAPPER_NAMES,
  type RawField,
  type ReadLine,
} from "@firebreak/archive";
import { bsonElement } from "../survey/bson-element.ts";
import { lineFields, type LineField } from "./document-fields.ts";
import type { DocumentMapper, DocumentRefusal, MappedDocument } from "./document-mapper.ts";
import { documentValue } from "./document-value.ts";
import type { GenericTable } from "./documents-plan.ts";

/** A field as text, or a field whose element only bytes can express. */
type AnyField = LineField | Pick<RawField, "name" | "element">;

class Refused extends Error {
  readonly reason: DocumentRefusal;
  readonly field: string;

  constructor(reason: DocumentRefusal, field: string) {
    super(reason);
    this.reason = reason;
    this.field = field;
  }
}

/**
 * Turns the rows of a generic table back into documents. Each column's value gets the kind that it had, then
 * the fields of `_extra` follow. A column that is NULL becomes a missing field.
 */
export class GenericDocumentMapper implements DocumentMapper {
  readonly #kinds: GenericTable["kinds"];

  constructor({ kinds }: GenericTable) {
    this.#kinds = kinds;
  }

  map(read: ReadLine): MappedDocument {
    const fields = lineFields(read);
    if (fields === undefined) return { kind: "quarantine", reason: "document-malformed", field: "" };
    try {
      return documentOf([...this.#columns(fields), ...this.#extras(fields)]);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { kind: "quarantine", reason: error.reason, field: error.field };
    }
  }

  #columns(fields: readonly LineField[]): LineField[] {
    return fields.flatMap(({ name, text }): LineField[] => {
      const kind = this.#kinds.get(name);
      if (kind === "extra") return [];
      // A column that somebody added is treated like any column of MySQL.
      if (kind === undefined) return [{ name, text }];
      const found = kindOf(text);
      if (found === "null") return [];
      const value = documentValue(kind, found, contentOf(text, found), text);
      if (value === undefined) throw new Refused("value-unfit", name);
      return [{ name, text: value }];
    });
  }

  #extras(fields: readonly LineField[]): AnyField[] {
    const extra = fields.find(({ name }) => this.#kinds.get(name) === "extra");
    if (extra === undefined || extra.text === "null") return [];
    if (kindOf(extra.text) !== "string") throw new Refused("extra-unreadable", extra.name);
    const line = stringOf(contentOf(extra.text, "string"));
    const found = line.startsWith(RAW_LINE_START) ? rawExtras(line) : textExtras(line);
    if (found === undefined) throw new Refused("extra-unreadable", extra.name);
    return found;
  }
}

function textExtras(line: string): LineField[] | undefined {
  const fields = new LineFields();
  try {
    fields.read(line, 0, line.length);
  } catch {
    return undefined;
  }
  return Array.from({ length: fields.count }, (_, i) => ({ name: fields.names[i]!, text: fields.text(i) }));
}

function rawExtras(line: string): Pick<RawField, "name" | "element">[] | undefined {
  try {
    return rawFields(line)?.map(({ name, element }) => ({ name, element }));
  } catch {
    return undefined;
  }
}

function documentOf(fields: readonly AnyField[]): MappedDocument {
  const taken = new Set<string>();
  let isText = true;
  let line = "";
  for (const field of fields) {
    if (field.name !== undefined && taken.has(field.name)) throw new Refused("field-twice", field.name);
    // Duplicate names in a raw line come from the document itself.
    if ("element" in field) {
      isText = false;
      continue;
    }
    const { name, text } = field;
    taken.add(name);
    isText &&= !WRAPPER_NAMES.has(name);
    line += `${line === "" ? "{" : ","}${toByteText(JSON.stringify(name))}:${text}`;
  }
  if (isText) return { kind: "line", line: `${line}}` };
  return { kind: "elements", elements: fields.map(elementOf) };
}

function elementOf(field: AnyField): Buffer {
  if ("element" in field) return field.element;
  try {
    return bsonElement(field.name, field.text);
  } catch {
    throw new Refused("value-unfit", field.name);
  }
}
