import { entriesOf } from "@firebreak/archive";

/** The data types of MySQL and MariaDB by their family, as far as lines, cells and statements care. */
const TYPES = {
  integer: ["tinyint", "smallint", "mediumint", "int", "bigint"],
  decimal: ["decimal"],
  double: ["double"],
  float: ["float"],
  bit: ["bit"],
  date: ["date"],
  moment: ["datetime", "timestamp"],
  time: ["time"],
  year: ["year"],
  text: ["char", "varchar", "tinytext", "text", "mediumtext", "longtext"],
  choice: ["enum", "set"],
  json: ["json"],
  binary: ["binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "vector"],
  geometry: [
    "geometry",
    "point",
    "linestring",
    "polygon",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
    "geomcollection",
  ],
  /** MariaDB's own, which are written and read as text. */
  named: ["uuid", "inet4", "inet6"],
} as const;

export type SqlFamily = keyof typeof TYPES;

const FAMILIES: Readonly<Record<string, SqlFamily>> = Object.fromEntries(
  entriesOf<SqlFamily, readonly string[]>(TYPES).flatMap(([family, types]) =>
    types.map((type) => [type, family]),
  ),
);

/** @param type a column's type, or the `data_type` of information_schema alone; an unknown one is binary. */
export function sqlFamily(type: string): SqlFamily {
  return FAMILIES[/^\w+/.exec(type)?.[0].toLowerCase() ?? ""] ?? "binary";
}
