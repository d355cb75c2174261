import {
  contentOf,
  decimalParts,
  fromByteText,
  kindOf,
  plainDecimal,
  scaleOf,
  stringOf,
  type Kind,
} from "@firebreak/archive";
import type { CommentKind } from "@firebreak/mysql-format";

/** The largest exponent of a number that is written without one. */
const MAX_ZEROS = 40;

/**
 * Returns a text of a document's value that is equal for equal values: numbers of all types by their value,
 * since a column keeps no integer's width, all others by type and content.
 *
 * @param text the value's text in byte text.
 */
export function comparableText(text: string): string {
  const kind = kindOf(text);
  return comparableContent(kind, contentOf(text, kind), text);
}

/** @param content byte text as `contentOf` returns it. */
function comparableContent(kind: Kind, content: string, text: string): string {
  switch (kind) {
    case "int32":
    case "int64":
    case "double":
    case "decimal":
      return numberText(content);
    case "string":
      return JSON.stringify(fromByteText(stringOf(content)));
    case "date": {
      const date = new Date(Number(content));
      return Number.isNaN(date.getTime()) ? text : date.toISOString();
    }
    case "objectId":
      return `ObjectId ${content}`;
    case "binary":
      return `Binary ${content}`;
    case "boolean":
    case "null":
    case "nested":
    case "uuid":
    case "uuidLegacy":
    case "other":
      return fromByteText(text);
  }
}

/** Returns the text of a cell of a generic table, equal to that of the value which it stands for. */
export function comparableCell(kind: CommentKind, bytes: Buffer): string {
  switch (kind) {
    case "int32":
    case "int64":
    case "wideInt32":
    case "double":
    case "decimal":
      return numberText(bytes.toString("latin1"));
    case "boolean":
      return bytes.toString("latin1") === "1" ? "true" : "false";
    case "string":
      return JSON.stringify(bytes.toString("utf8"));
    case "date":
      return `${bytes.toString("latin1").replace(" ", "T")}Z`;
    case "objectId":
      return `ObjectId ${bytes.toString("latin1")}`;
    case "binary":
      return `Binary ${bytes.toString("base64")}`;
    case "uuid":
    case "uuidLegacy":
      return `{"$binary":{"base64":"${bytes.toString("base64")}","subType":"${kind === "uuid" ? "04" : "03"}"}}`;
    case "keyText":
      return comparableText(bytes.toString("latin1"));
    case "nested":
    case "extra":
      return bytes.toString("utf8");
  }
}

/** Returns a number as digits, or the text of NaN and the infinities. */
export function numberText(content: string): string {
  const parts = decimalParts(content);
  if (parts === undefined) return content;
  if (Math.abs(parts.exponent) <= MAX_ZEROS) return plainDecimal(parts, scaleOf(parts));
  return `${parts.isNegative ? "-" : ""}${parts.digits}e${parts.exponent}`;
}
