import { isForeign, type FieldValue } from "./field-value.ts";
import {
  quarantined,
  type DocumentField,
  type DocumentOutcome,
  type Quarantined,
  type QuarantineReason,
  type Remark,
} from "../outcome.ts";
import type { OtherField } from "../rows/row-builder.ts";
import { datetimeOf, instantOf } from "../target/server-datetime.ts";
import type { ZoneClock } from "../settings/zone-clock.ts";
import { messageTime } from "./message-id.ts";
import { doubleText, toByteText } from "@firebreak/archive";

/** The facts that decide a message's instant, besides its column. */
interface MessageMoment {
  readonly id: bigint;
  readonly zone: ZoneClock;
  /** Messages of before this instant have expired; undefined if none does. */
  readonly expiryMs: number | undefined;
}

/** Quarantines a row for a column of its key whose value is of another type. */
export function keyless(value: FieldValue | undefined, column: string): Quarantined {
  return quarantined(value === null ? "null-refused" : "field-missing", column);
}

/** Collects the fields of a document made from a row, and the first reason why the row cannot become one. */
export class DocumentFields {
  readonly remarks: Remark[] = [];
  readonly #fields: DocumentField[] = [];
  #refusal: Quarantined | undefined;

  refuse(reason: QuarantineReason, column: string): void {
    this.#refusal ??= quarantined(reason, column);
  }

  add(field: DocumentField): void {
    this.#fields.push(field);
  }

  /** Sets a field from a column that every database has and that is never NULL. */
  set(name: string, value: FieldValue | undefined, column: string, isLong = false): void {
    if (value === undefined) this.refuse("field-missing", column);
    else if (value === null) this.refuse("null-refused", column);
    else this.setLate(name, value, column, isLong);
  }

  /** Sets a field from a column that old databases lack. No column makes no field; NULL makes null. */
  setLate(name: string, value: FieldValue | undefined, column: string, isLong = false): void {
    if (value === undefined) return;
    const field = fieldOf(name, value, isLong);
    if (field === undefined) this.refuse("type-wrong", column);
    else this.#fields.push(field);
  }

  /** Sets the instant of a DATETIME, to the millisecond if the id's time is near. Sets no refused value. */
  setDate(
    name: string,
    value: FieldValue | undefined,
    column: string,
    { id, zone, expiryMs }: MessageMoment,
  ): void {
    if (value !== undefined && value !== null && !(value instanceof Date))
      return this.refuse("type-wrong", column);
    let instantMs = messageTime(id);
    if (value instanceof Date) {
      const reading = instantOf(value.getTime(), instantMs, zone);
      instantMs = reading.instantMs;
      if (reading.doubt !== undefined)
        this.remarks.push(`dt-${reading.doubt === "twice" ? "shown-twice" : "never-shown"}`);
      if (reading.source === "column") this.remarks.push("milliseconds-lost");
      else if (datetimeOf(instantMs, zone) !== value.getTime()) this.remarks.push("second-shifted");
    } else this.remarks.push("dt-from-id");
    if (expiryMs !== undefined && instantMs < expiryMs) this.remarks.push("beyond-expiry");
    this.#fields.push({ name, kind: "date", value: new Date(instantMs) });
  }

  /** Sets fields from the site's own columns, under the columns' names. */
  setOthers(columns: readonly OtherField[]): void {
    const taken = new Set(this.#fields.map(({ name }) => name));
    for (const { name, value } of columns) {
      if (taken.has(name)) this.refuse("field-name-taken", name);
      else this.setLate(name, value, name);
    }
  }

  finish(shard: number, from: number): DocumentOutcome {
    if (this.#refusal !== undefined) return this.#refusal;
    const kind = shard === from ? "document" : "moved";
    return { kind, shard, fields: this.#fields, remarks: this.remarks };
  }
}

/** Returns the BSON field for a value. Undefined for kinds that MySQL's columns do not have. */
function fieldOf(name: string, value: FieldValue, isLong: boolean): DocumentField | undefined {
  if (value === null) return { name, kind: "null", value };
  if (typeof value === "bigint")
    return { name, kind: !isLong && BigInt.asIntN(32, value) === value ? "int32" : "int64", value };
  if (typeof value === "string") return { name, kind: "string", value };
  if (typeof value === "number") return { name, kind: "double", value };
  if (typeof value === "boolean" || isForeign(value)) return undefined;
  return value instanceof Date ? { name, kind: "date", value } : { name, kind: "binary", value };
}

/** Returns a field's value as it is in a line: canonical Extended JSON, in byte text. */
export function documentText({ kind, value }: DocumentField): string {
  switch (kind) {
    case "null":
      return "null";
    case "int32":
      return `{"$numberInt":"${value}"}`;
    case "int64":
      return `{"$numberLong":"${value}"}`;
    case "double":
      return `{"$numberDouble":"${doubleText(value)}"}`;
    case "string":
      return toByteText(JSON.stringify(value));
    case "date":
      return `{"$date":{"$numberLong":"${value.getTime()}"}}`;
    case "objectId":
      return `{"$oid":"${value}"}`;
    case "binary":
      return `{"$binary":{"base64":"${Buffer.from(value).toString("base64")}","subType":"00"}}`;
  }
}
