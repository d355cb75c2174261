import { entriesOf, type SourceColumn } from "@firebreak/archive";

/** The form of the literal by which a column bounds a range. */
export type BoundType = "number" | "quoted" | "bytes" | "characters";

const TYPES: Readonly<Record<BoundType, readonly string[]>> = {
  number: ["tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year"],
  quoted: ["date", "datetime", "timestamp", "time", "uuid"],
  bytes: ["binary", "varbinary"],
  characters: ["char", "varchar"],
};
const BOUND_TYPES = entriesOf(TYPES).map(([type]) => type);

/**
 * Returns the form of the literal by which a column bounds a range. Returns undefined for types that do not
 * compare with a literal as they sort: ENUM and SET sort by number and compare by name, floating-point numbers
 * by bits that a literal may round.
 */
export function boundType({ dataType }: Pick<SourceColumn, "dataType">): BoundType | undefined {
  return BOUND_TYPES.find((bound) => TYPES[bound].includes(dataType.toLowerCase()));
}
