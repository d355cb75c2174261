import type { ReadLine } from "@firebreak/archive";

/** The reason why a row cannot be a document. */
export type DocumentRefusal =
  /** The line is not a document that text can express. */
  | "document-malformed"
  /** A column of a generic table holds something that no value of its kind produces. */
  | "value-unfit"
  /** `_extra` is not an object in canonical Extended JSON. */
  | "extra-unreadable"
  /** A field occurs both in its column and in `_extra`, or twice in `_extra`. */
  | "field-twice"
  /** The document exceeds MongoDB's limit of 16 MiB. */
  | "document-too-large";

/**
 * The result for a row: a document's line as byte text, the elements of a document that text cannot express,
 * or a quarantine entry.
 */
export type MappedDocument =
  | { readonly kind: "line"; readonly line: string }
  | { readonly kind: "elements"; readonly elements: readonly Buffer[] }
  | { readonly kind: "quarantine"; readonly reason: DocumentRefusal; readonly field: string };

/** Makes documents of the lines of one table. */
export interface DocumentMapper {
  map(read: ReadLine): MappedDocument;
}
