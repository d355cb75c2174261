import type { Misfit } from "./target/column-fit.ts";
import type { FieldValue } from "./documents/field-value.ts";

/** The reason why a document cannot become a row, or a row a document. */
export type QuarantineReason =
  | Misfit
  | "field-missing"
  /** The target has no column for a field, and the mapping file does not ignore it. */
  | "field-without-column"
  /** This target lacks a known column, and the value cannot be derived from other columns. */
  | "column-missing"
  /** A private chat's `_target` does not name its sender. */
  | "private-target-foreign"
  /** A private chat's `_target` can be split in two ways. */
  | "private-target-ambiguous"
  /** `_content_type` is missing, and the body does not have it either. */
  | "content-type-unknown"
  /** A user's row lacks fields that came late, and there is no message with its id to take them from. */
  | "message-missing"
  /** Several messages have the same id, or several entries of a user the same `_seq`: see `collapse`. */
  | "key-conflict"
  /** The name of a site's own column is that of a field made from others, or reserved by Extended JSON. */
  | "field-name-taken";

/** A change that a rule made to a row. The report counts them, and can list each case. */
export type Remark =
  | "to-filled"
  | "dt-from-id"
  | "dt-shown-twice"
  | "dt-never-shown"
  | "milliseconds-lost"
  /** The id's time is more exact, but on the way back to MySQL it rounds to another second than `_dt` had. */
  | "second-shifted"
  /** A Double instead of the integer that the server writes, or a Boolean instead of a flag. */
  | "number-type-changed"
  | "content-type-derived"
  | "content-type-differs"
  | "body-plain"
  | "body-xor"
  | "body-empty"
  | "body-other"
  | "taken-from-message"
  | "directing-filled"
  | "column-lacking"
  | "field-ignored"
  /** MongoDB's TTL index will remove the document soon after it is created. */
  | "beyond-expiry";

export interface Quarantined {
  readonly kind: "quarantine";
  readonly reason: QuarantineReason;
  readonly field: string;
}

/** The outcome of one document on its way to MySQL. */
export type RowOutcome =
  /** `moved`: it was in another collection than the one for its id or uid, and goes to the right table. */
  | {
      readonly kind: "row" | "moved";
      /** The shard number of the table. */
      readonly shard: number;
      /** One value for each column of the table's plan. */
      readonly row: readonly FieldValue[];
      readonly remarks: readonly Remark[];
    }
  /** Older than the period that MySQL's 36 tables cover. */
  | { readonly kind: "skipped"; readonly by: "retention" }
  | Quarantined;

/** A field of a document to write, with its BSON type. The value of an ObjectId is 24 hex digits. */
export type DocumentField = { readonly name: string } & (
  | { readonly kind: "int32" | "int64"; readonly value: bigint }
  | { readonly kind: "double"; readonly value: number }
  | { readonly kind: "string" | "objectId"; readonly value: string }
  | { readonly kind: "binary"; readonly value: Uint8Array }
  | { readonly kind: "date"; readonly value: Date }
  | { readonly kind: "null"; readonly value: null }
);

/** The outcome of one row on its way to MongoDB. */
export type DocumentOutcome =
  | {
      readonly kind: "document" | "moved";
      readonly shard: number;
      readonly fields: readonly DocumentField[];
      readonly remarks: readonly Remark[];
    }
  | Quarantined;

export function quarantined(reason: QuarantineReason, field: string): Quarantined {
  return { kind: "quarantine", reason, field };
}
