import type { SourceColumn } from "@firebreak/archive";

/** The form of the literal by which a column bounds a range. */
export type BoundType = "number" | "quoted" | "bytes" | "characters";

/**
 * Returns the form of the literal by which a column bounds a range. Returns undefined for types that do not compare with a literal as
 * they sort: ENUM and SET sort by number and compare by name, floating-point numbers by bits that a literal
 * may round.
 */
export function boundType({ dataType }: Pick<SourceColumn, "dataType">): BoundType | undefined {
  switch (dataType.toLowerCase()) {
    case "tinyint":
    case "smallint":
    case "mediumint":
    case "int":
    case "bigint":
    case "decimal":
    case "year":
      return "number";
    case "date":
    case "datetime":
    case "timestamp":
    case "time":
    case "uuid":
      return "quoted";
    case "binary":
    case "varbinary":
      return "bytes";
    case "char":
    case "varchar":
      return "characters";
    default:
      return undefined;
  }
}
