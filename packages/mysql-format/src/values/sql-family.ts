/** The families of MySQL's and MariaDB's data types, as far as lines, cells and statements care. */
export type SqlFamily =
  | "integer"
  | "decimal"
  | "double"
  | "float"
  | "bit"
  | "date"
  | "moment"
  | "time"
  | "year"
  | "text"
  | "choice"
  | "json"
  | "binary"
  | "geometry"
  /** MariaDB's UUID, INET4 and INET6: written and read as text. */
  | "named";

const FAMILIES: Readonly<Record<string, SqlFamily>> = {
  tinyint: "integer",
  smallint: "integer",
  mediumint: "integer",
  int: "integer",
  bigint: "integer",
  decimal: "decimal",
  double: "double",
  float: "float",
  bit: "bit",
  date: "date",
  datetime: "moment",
  timestamp: "moment",
  time: "time",
  year: "year",
  char: "text",
  varchar: "text",
  tinytext: "text",
  text: "text",
  mediumtext: "text",
  longtext: "text",
  enum: "choice",
  set: "choice",
  json: "json",
  binary: "binary",
  varbinary: "binary",
  tinyblob: "binary",
  blob: "binary",
  mediumblob: "binary",
  longblob: "binary",
  vector: "binary",
  geometry: "geometry",
  point: "geometry",
  linestring: "geometry",
  polygon: "geometry",
  multipoint: "geometry",
  multilinestring: "geometry",
  multipolygon: "geometry",
  geometrycollection: "geometry",
  geomcollection: "geometry",
  uuid: "named",
  inet4: "named",
  inet6: "named",
};

/** @param type a column's type, or the `data_type` of information_schema alone; an unknown one is binary. */
export function sqlFamily(type: string): SqlFamily {
  return FAMILIES[/^\w+/.exec(type)?.[0].toLowerCase() ?? ""] ?? "binary";
}
