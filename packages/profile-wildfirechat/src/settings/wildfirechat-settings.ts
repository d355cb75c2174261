import type { Known } from "./decisions.ts";
import type { FieldNames } from "../documents/field-names.ts";

/** The user's settings for a site. */
export interface WildfirechatSettings extends Known {
  readonly names: FieldNames;
}
