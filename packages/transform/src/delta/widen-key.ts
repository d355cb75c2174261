import { chooseKeyRule } from "../choose-rule.ts";
import type { ColumnRule } from "../column-plan.ts";
import type { FieldSurvey } from "../field-survey.ts";

/**
 * The rule of a key column that holds the keys it was made for and these too,
 * the cells of the former being what they are; undefined where there is none.
 *
 * @param survey of the keys that come; undefined where none do.
 */
export function widenKey(rule: ColumnRule, survey: FieldSurvey | undefined): ColumnRule | undefined {
  // What it cannot hold for its length goes to quarantine, as ever.
  if (survey === undefined || rule.kind === "keyText") return rule;
  const wanted = chooseKeyRule(survey);
  switch (rule.kind) {
    case "integer":
      return wanted.kind === "integer" ? { ...rule, bits: rule.bits === 64 ? 64 : wanted.bits } : undefined;
    case "double":
      return wanted.kind === "double" || (wanted.kind === "integer" && survey.beyondDouble === 0)
        ? rule
        : undefined;
    case "decimal": {
      const digits = wanted.kind === "decimal" ? wanted.precision - wanted.scale : survey.maxIntegerDigits;
      const isFit = wanted.kind === "integer" || (wanted.kind === "decimal" && wanted.scale <= rule.scale);
      // Of an integer the sign counts as a digit here: at worst one that would fit is refused.
      return isFit && digits <= rule.precision - rule.scale ? rule : undefined;
    }
    case "string":
      return wanted.kind === "string"
        ? { kind: "string", maxCharacters: Math.max(rule.maxCharacters ?? 0, wanted.maxCharacters ?? 0) }
        : undefined;
    case "binary":
      return wanted.kind === "binary"
        ? { kind: "binary", maxBytes: Math.max(rule.maxBytes, wanted.maxBytes) }
        : undefined;
    case "boolean":
    case "date":
    case "objectId":
    case "nested":
    case "extra":
      return wanted.kind === rule.kind ? rule : undefined;
  }
}
