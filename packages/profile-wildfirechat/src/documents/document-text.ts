import { doubleText, toByteText } from "@firebreak/archive";
import type { DocumentField } from "../outcome.ts";

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
