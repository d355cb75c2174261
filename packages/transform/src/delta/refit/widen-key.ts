import { varbinaryLength, varcharLength } from "../../survey/headroom.ts";
import { wholeDigits } from "../../survey/choose-rule.ts";
import { MAX_VARBINARY, MAX_VARCHAR, type ColumnRule } from "@firebreak/mysql-format";
import { MAX_DECIMAL_DIGITS, type FieldSurvey } from "../../survey/field-survey.ts";

/**
 * Returns the rule of a key column for new keys. The column still holds its earlier keys, with the same
 * cells, and as many new keys as one column of its type can. Documents with other keys go to quarantine.
 *
 * @param survey the survey of the new keys, or undefined if there are none.
 */
export function widenKey(rule: ColumnRule, survey: FieldSurvey | undefined): ColumnRule {
  if (survey === undefined) return rule;
  switch (rule.kind) {
    case "integer":
      return rule.bits === 32 && (survey.kinds.int64 ?? 0) > 0
        ? { kind: "integer", bits: 64, valueBits: 32 }
        : rule;
    case "decimal": {
      const { precision, scale } = rule;
      const digits = wholeDigits(survey, scale, MAX_DECIMAL_DIGITS - scale);
      return { ...rule, precision: Math.max(precision, digits + scale) };
    }
    case "string": {
      const wanted = varcharLength(survey.maxCharacters, "none") ?? MAX_VARCHAR;
      return { kind: "string", maxCharacters: Math.max(rule.maxCharacters ?? 0, wanted) };
    }
    case "binary": {
      const wanted = varbinaryLength(survey.maxBinaryBytes, "none") ?? MAX_VARBINARY;
      return { kind: "binary", maxBytes: Math.max(rule.maxBytes, wanted) };
    }
    case "double":
    case "boolean":
    case "date":
    case "objectId":
    case "uuid":
    case "uuidLegacy":
    case "nested":
    case "keyText":
    case "extra":
      return rule;
  }
}
