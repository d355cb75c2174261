import { createHash } from "node:crypto";
import { basename } from "node:path";
import { toByteText, WRAPPER_NAMES, type ReadLine } from "@firebreak/archive";
import { bsonElement } from "../survey/bson-element.ts";
import { lineFields, type LineField } from "./document-fields.ts";
import type { DocumentMapper, MappedDocument } from "./document-mapper.ts";
import { MAX_DOCUMENT_BYTES, refuseTooLarge } from "./document-lines.ts";
import { fieldName, ID, type DocumentKey } from "./document-key.ts";

/** The bytes of an ObjectId. */
const OBJECT_ID_BYTES = 12;

/**
 * Makes documents of a table's rows: the values are unchanged, and the key comes first as `_id`. If there is
 * no key, the `_id` is an ObjectId derived from the line's position, which is the same on every run.
 */
export class OriginalDocumentMapper implements DocumentMapper {
  readonly #rule: DocumentKey;
  readonly #place: string;
  /** The text `"name":` of each column as byte text, made once. */
  readonly #quoted = new Map<string, string>();

  /** @param part the file that contains the lines. */
  constructor(rule: DocumentKey, namespace: string, part: string) {
    this.#rule = rule;
    this.#place = JSON.stringify([namespace, basename(part).replace(/\..*$/, "")]);
  }

  map(read: ReadLine): MappedDocument {
    const tooLarge = read.line.length > MAX_DOCUMENT_BYTES ? refuseTooLarge(read.fields) : undefined;
    if (tooLarge !== undefined) return { kind: "quarantine", ...tooLarge };
    const fields = lineFields(read);
    if (fields === undefined) return { kind: "quarantine", reason: "document-malformed", field: "" };
    const { key, renamed } = this.#rule;
    const values = new Map(fields.map(({ name, text }) => [name, text]));
    const absent = key.find((name) => !values.has(name));
    if (absent !== undefined) return { kind: "quarantine", reason: "document-malformed", field: absent };
    const isKey = new Set(key);
    const id = { name: ID, text: this.#id(values, read.number) };
    const others = fields
      .filter(({ name }) => !isKey.has(name))
      .map(({ name, text }) => ({ name: fieldName(renamed, name), text }));
    return this.#documentOf([id, ...others]);
  }

  #id(values: ReadonlyMap<string, string>, line: number): string {
    const { key } = this.#rule;
    const [only] = key;
    if (only === undefined) {
      const hash = createHash("sha256").update(`${this.#place}:${line}`).digest("hex");
      return `{"$oid":"${hash.slice(0, 2 * OBJECT_ID_BYTES)}"}`;
    }
    if (key.length === 1) return values.get(only)!;
    return `{${key.map((name) => `${this.#quotedName(name)}${values.get(name)!}`).join(",")}}`;
  }

  #documentOf(fields: readonly LineField[]): MappedDocument {
    if (fields.some(({ name }) => WRAPPER_NAMES.has(name)))
      return { kind: "elements", elements: fields.map(({ name, text }) => bsonElement(name, text)) };
    let line = "";
    for (const { name, text } of fields) line += `${line === "" ? "{" : ","}${this.#quotedName(name)}${text}`;
    return { kind: "line", line: `${line}}` };
  }

  #quotedName(name: string): string {
    let quoted = this.#quoted.get(name);
    if (quoted === undefined) {
      quoted = `${toByteText(JSON.stringify(name))}:`;
      this.#quoted.set(name, quoted);
    }
    return quoted;
  }
}
