import type { ExtraReason } from "@firebreak/archive";
import { visibleText } from "../../screen/visible-value.ts";
import type { ExtraTexts } from "../account-texts.ts";

/** The reasons why values are in `_extra`. */
const REASONS: Readonly<Record<string, string>> = {
  null: "null",
  "kind-int32": "kind int32",
  "kind-int64": "kind int64",
  "kind-double": "kind double",
  "kind-decimal": "kind decimal",
  "kind-boolean": "kind boolean",
  "kind-string": "kind string",
  "kind-date": "kind date",
  "kind-objectId": "kind objectId",
  "kind-binary": "kind binary",
  "kind-nested": "document or array",
  "kind-other": "kind without a column",
  "too-long": "too long",
  "too-large": "too many digits before the point",
  "too-precise": "too many digits for the column",
  "not-finite": "NaN or infinity",
  "negative-zero": "negative zero",
  "date-out-of-range": "date out of MySQL's range",
  "name-unfit": "no column can have that name",
  "name-twin": "a column differs from that name in case or accents alone",
  "too-many-fields": "the table has no more columns",
  "no-column": "the table has no such column",
  "field-twice": "twice in its document",
  "not-text": "no UTF-8",
} satisfies Record<ExtraReason, string>;

export const extraTexts: ExtraTexts = {
  column: ({ table, column, values, reasons }) => {
    const place = visibleText(column === "_extra" ? table : `${table}.${column}`);
    const why = reasons.map(
      (r) => `${reasons.length === 1 ? "" : `${number(r.values)} `}${REASONS[r.reason] ?? r.reason}`,
    );
    return `${place}: ${number(values)} ${values === 1 ? "value is" : "values are"} in _extra (${why.join(", ")})`;
  },
  more: (count) =>
    `${number(count)} more ${count === 1 ? "column has" : "columns have"} values in _extra; --json lists all of them`,
};

function number(value: number): string {
  return value.toLocaleString("en-US");
}
