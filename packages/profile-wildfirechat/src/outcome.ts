import type { Misfit } from "./column-fit.ts";
import type { FieldValue } from "./field-value.ts";

/** Why a document cannot be a row, or a row a document. */
export type QuarantineReason =
  | Misfit
  | "field-missing"
  /** A field that the target has no column for, and the mapping file does not ignore. */
  | "field-without-column"
  /** A known column that this target lacks, and the value cannot be found again from the others. */
  | "column-missing"
  /** A private chat's `_target` does not name its sender. */
  | "private-target-foreign"
  /** A private chat's `_target` can be split in two ways. */
  | "private-target-ambiguous"
  /** No `_content_type`, and a body that does not say it. */
  | "content-type-unknown"
  /** A user's row without late fields, and no message of its id to take them from. */
  | "message-missing"
  /** Several messages have one id, or several entries of a user one `_seq`: see `collapse`. */
  | "key-conflict"
  /** A column of the site's own has the name of a field that is made of other columns, or one that Extended JSON has taken. */
  | "field-name-taken";

/** What was done to a row by rule: counted in the report, and each case can be listed. */
export type Remark =
  | "to-filled"
  | "dt-from-id"
  | "dt-shown-twice"
  | "dt-never-shown"
  | "milliseconds-lost"
  /** The id's time is the better one, and on its way back to MySQL is rounded to another second than `_dt` was. */
  | "second-shifted"
  /** A Double that is the integer which the server writes, or a Boolean where it writes a flag. */
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

/** What becomes of one document on its way to MySQL. */
export type RowOutcome =
  /** `moved`: it lay in another collection than the one of its id or uid, and goes to the right table. */
  | {
      readonly kind: "row" | "moved";
      /** The shard number of the table. */
      readonly shard: number;
      /** One value a column of the table's plan. */
      readonly row: readonly FieldValue[];
      readonly remarks: readonly Remark[];
    }
  /** Older than what MySQL's 36 tables keep. */
  | { readonly kind: "skipped"; readonly by: "retention" }
  | Quarantined;

export type FieldKind = "int32" | "int64" | "double" | "string" | "binary" | "date" | "objectId" | "null";

/** A field of a document to be written, with its BSON type; an ObjectId's value is 24 hex digits. */
export interface DocumentField {
  readonly name: string;
  readonly kind: FieldKind;
  readonly value: bigint | number | string | Uint8Array | Date | null;
}

/** What becomes of one row on its way to MongoDB. */
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
