import { z } from "zod";
import type { Kind } from "../line/kinds.ts";
import { countSchema } from "./schema-parts.ts";

/** A reason why a value is in `_extra` and not in a column of its own. */
export type ExtraReason =
  /** An explicit null. In the column, NULL also means a missing field. */
  | "null"
  /** The value is of another kind than its column, or of a kind that no column holds. */
  | `kind-${Exclude<Kind, "null" | "uuid" | "uuidLegacy">}`
  /** More characters or bytes than the column takes. */
  | "too-long"
  /** More digits before the point than the column has. */
  | "too-large"
  /** More digits behind the point than the column has, or an integer that a double does not hold exactly. */
  | "too-precise"
  /** NaN or an infinity. */
  | "not-finite"
  | "negative-zero"
  | "date-out-of-range"
  /** The field has no column: no server accepts its name as a column's. */
  | "name-unfit"
  /** The field has no column: a column's name differs from its own in case or accents alone. */
  | "name-twin"
  /** The field has no column: more common fields took as many columns as a table may have. */
  | "too-many-fields"
  /** The field has no column: it came with a delta, its row had no room, or a similar name was there too. */
  | "no-column"
  /** The document has the field twice. */
  | "field-twice"
  /** The name or the value has bytes that are no UTF-8. */
  | "not-text";

/** Values of one column, or of one field without a column, that are in `_extra` for one reason. */
export const extraCountSchema = z.object({
  /** The column's name; `_extra` itself if too many fields have no column to list each. */
  column: z.string(),
  /** An `ExtraReason`; later versions may know others. */
  reason: z.string(),
  values: countSchema,
});
export type ExtraCount = z.infer<typeof extraCountSchema>;
