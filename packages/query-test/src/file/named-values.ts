import { contentOf, fromByteText, kindOf, stringOf } from "@firebreak/archive";
import type { SelectedKind } from "@firebreak/mysql";
import { numberText } from "../answers/comparable-value.ts";

/** The digits of a second's fraction that every moment is written with. */
const FRACTION = 3;

/**
 * Returns the text of a document's value as a column with it would show it: a date as a moment in UTC, true
 * and false as 1 and 0. Null for null.
 *
 * @param text the value's text in byte text.
 */
export function documentText(text: string): string | null {
  const kind = kindOf(text);
  const content = contentOf(text, kind);
  switch (kind) {
    case "int32":
    case "int64":
    case "double":
    case "decimal":
      return numberText(content);
    case "string":
      return fromByteText(stringOf(content));
    case "date": {
      const date = new Date(Number(content));
      return Number.isNaN(date.getTime()) ? text : date.toISOString().replace("T", " ").replace("Z", "");
    }
    case "boolean":
      return content === "true" ? "1" : "0";
    case "null":
      return null;
    case "objectId":
    case "binary":
      return content;
    case "uuid":
    case "uuidLegacy":
    case "nested":
    case "other":
      return fromByteText(text);
  }
}

/** Returns the text of a column's value. */
export function columnText(kind: SelectedKind, bytes: Buffer): string {
  switch (kind) {
    case "number":
      return numberText(bytes.toString("latin1"));
    case "moment":
      return momentText(bytes.toString("latin1"));
    case "binary":
      return bytes.toString("base64");
    case "text":
      return bytes.toString("utf8");
  }
}

function momentText(text: string): string {
  const [moment = "", fraction = ""] = text.split(".");
  return `${moment.length === 10 ? `${moment} 00:00:00` : moment}.${fraction.padEnd(FRACTION, "0")}`;
}
