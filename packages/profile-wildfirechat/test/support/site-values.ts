import { Binary, Double, Int32, Long, ObjectId, type Document } from "bson";
import type { SiteRow } from "../../../../fixtures/src/chat-site/site-rows.ts";
import { DEFAULT_FIELD_NAMES } from "../../src/documents/field-names.ts";
import type { FieldValue } from "../../src/documents/field-value.ts";
import {
  gatherer,
  MESSAGE_COLUMNS,
  USER_MESSAGE_COLUMNS,
  type MessageDocument,
  type MessageRow,
  type UserMessageDocument,
  type UserMessageRow,
} from "../../src/rows/gather.ts";
import type { DocumentField } from "../../src/outcome.ts";
import type { RowPlan } from "../../src/rows/row-plan.ts";

type Values = Readonly<Record<string, FieldValue>>;

/** A driver's value as the profile takes it. */
function valueOf(value: unknown): FieldValue {
  if (value instanceof Long) return value.toBigInt();
  if (value instanceof Int32) return BigInt(value.valueOf());
  if (value instanceof Double) return value.valueOf();
  if (value instanceof Binary)
    return value.sub_type === 0 ? new Uint8Array(value.buffer) : { foreignKind: "other" };
  if (value instanceof ObjectId) return { foreignKind: "objectId" };
  if (Array.isArray(value)) return { foreignKind: "nested" };
  return value as FieldValue;
}

export function documentValues(document: Document): Values {
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, valueOf(value)]));
}

/** A generated row as an archive's line has it: integers exact, a DATETIME's wall clock as a date. */
export function rowValues(row: SiteRow): Values {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value === "number") return [name, BigInt(value)];
      return [name, name === "_dt" ? new Date(`${(value as string).replace(" ", "T")}Z`) : value];
    }),
  );
}

const { id: userId, ignored: _, ...userNames } = DEFAULT_FIELD_NAMES.userMessages;
const { ignored: __, ...messageNames } = DEFAULT_FIELD_NAMES.messages;
const gatherMessage = gatherer(messageNames);
const gatherUserMessage = gatherer(userNames, [userId]);
const gatherMessageRow = gatherer(MESSAGE_COLUMNS, ["id"]);
const gatherUserRow = gatherer(USER_MESSAGE_COLUMNS, ["id"]);

export function messageDocumentOf(values: Values): MessageDocument {
  return gatherMessage(Object.entries(values));
}

export function messageRowOf(values: Values): MessageRow {
  return gatherMessageRow(Object.entries(values));
}

export function userDocumentOf(values: Values): UserMessageDocument {
  return gatherUserMessage(Object.entries(values));
}

export function userRowOf(values: Values): UserMessageRow {
  return gatherUserRow(Object.entries(values));
}

/** A row of an outcome by column. */
export function namedRow(plan: RowPlan, row: readonly FieldValue[]): Record<string, FieldValue> {
  return Object.fromEntries(plan.columns.map(({ facts }, i) => [facts.name, row[i]!]));
}

/** The fields of an outcome by name, as the profile takes a document's. */
export function fieldValues(fields: readonly DocumentField[]): Values {
  return Object.fromEntries(
    fields.map(({ name, kind, value }) => [name, kind === "objectId" ? { foreignKind: "objectId" } : value]),
  );
}

/** The fields of an outcome as a driver would write them. */
export function bsonOf(fields: readonly DocumentField[]): Document {
  const written = fields.map(({ name, kind, value }): [string, unknown] => {
    if (kind === "int64") return [name, Long.fromBigInt(value as bigint)];
    if (kind === "int32") return [name, new Int32(Number(value))];
    if (kind === "double") return [name, new Double(value as number)];
    if (kind === "binary") return [name, new Binary(value as Uint8Array)];
    return [name, kind === "objectId" ? new ObjectId(value as string) : value];
  });
  return Object.fromEntries(written);
}

/** One text of a row or document, so that a quarter of a million can be compared quickly. */
export function textOf(values: object): string {
  const entries = Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries, (_, value: unknown) => {
    if (typeof value === "bigint") return `${value}n`;
    if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("base64")}`;
    return value;
  });
}

/** As `textOf`, with each value's BSON type. */
export function documentText(document: Document): string {
  return textOf(
    Object.fromEntries(
      Object.entries(document).map(([name, value]) => {
        const type = (value as { _bsontype?: string } | null)?._bsontype ?? typeof value;
        const plain = value instanceof ObjectId ? value.toHexString() : valueOf(value);
        return [name, [type, plain]];
      }),
    ),
  );
}
