import { doubleText, toByteText } from "@firebreak/archive";
import type { DocumentField } from "../outcome.ts";

/** Returns a field's value as it is in a line: canonical Extended JSON, in byte text. */
export function documentText({ kind, value }: Pick<DocumentField, "kind" | "value">): string {
  switch (kind) {
    case "null":
      return "null";
    case "int32":
      return `{"$numberInt":"${value as bigint}"}`;
    case "int64":
      return `{"$numberLong":"${value as bigint}"}`;
    case "double":
      return `{"$numberDouble":"${doubleText(value as number)}"}`;
    case "string":
      return toByteText(JSON.stringify(value as string));
    case "date":
      return `{"$date":{"$numberLong":"${(value as Date).getTime()}"}}`;
    case "objectId":
      return `{"$oid":"${value as string}"}`;
    case "binary":
      return `{"$binary":{"base64":"${Buffer.from(value as Uint8Array).toString("base64")}","subType":"00"}}`;
  }
}
