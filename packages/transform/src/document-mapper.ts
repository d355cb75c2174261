import type { ReadLine } from "@firebreak/archive";

/** Why a row cannot be a document. */
export type DocumentRefusal =
  /** The line is no document that text can say. */
  | "document-malformed"
  /** A column of a generic table holds what no value of its kind makes. */
  | "value-unfit"
  /** `_extra` is no object in canonical Extended JSON. */
  | "extra-unreadable"
  /** A field stands in its column and in `_extra`, or twice in `_extra`. */
  | "field-twice"
  /** More than the 16 MiB that a document of MongoDB may have. */
  | "document-too-large";

/** What becomes of a row: a document's line in byte text, the elements of one that text cannot say, or quarantine. */
export type MappedDocument =
  | { readonly kind: "line"; readonly line: string }
  | { readonly kind: "elements"; readonly elements: readonly Buffer[] }
  | { readonly kind: "quarantine"; readonly reason: DocumentRefusal; readonly field: string };

/** Makes documents of the lines of one table. */
export interface DocumentMapper {
  map(read: ReadLine): MappedDocument;
}
