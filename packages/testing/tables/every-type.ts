import type { Connection } from "mysql2/promise";
import { SeededRandom } from "@firebreak/fixtures";
import type { SqlServer } from "../servers/databases.ts";
import {
  anyDouble,
  anyFloat,
  bytes,
  digits,
  integers,
  moments,
  pick,
  quoted,
  shapes,
  text,
  texts,
  type TypeCase,
} from "./type-families.ts";

/** A column of every type of the manual (MySQL 9.7, 13; MariaDB: Data Types) that a server has. */
export function typeCases(server: SqlServer): TypeCase[] {
  const all: TypeCase[] = [
    ...integers("tinyint", 8n),
    { type: "tinyint(1)", edges: ["-128", "0", "1", "127"] },
    ...integers("smallint", 16n),
    ...integers("mediumint", 24n),
    ...integers("int", 32n),
    ...integers("bigint", 64n),
    { type: "int(8) unsigned zerofill", edges: ["0", "42", "99999999", "4294967295"] },
    { type: "bigint unsigned zerofill", edges: ["0", "42", "18446744073709551615"] },
    {
      type: "decimal(65,30)",
      edges: [`-${"9".repeat(35)}.${"9".repeat(30)}`, `0.${"0".repeat(29)}1`, "0", "-1.5"],
      any: (r) => `${digits(r, 35)}.${digits(r, 30)}`,
    },
    {
      type: "decimal(34,10)",
      edges: [`-${"9".repeat(24)}.${"9".repeat(10)}`, "0.0000000001", "0", "100"],
      any: (r) => `-${digits(r, 24)}.${digits(r, 10)}`,
    },
    {
      type: "decimal(10,2)",
      edges: ["0", "-0.01", "99999999.99", "-99999999.99", "1.50"],
      any: (r) => `${digits(r, 8)}.${digits(r, 2)}`,
    },
    { type: "decimal(20,0)", edges: ["0", "-1", "9".repeat(20)], any: (r) => digits(r, 20) },
    { type: "decimal(10,2) unsigned zerofill", edges: ["0", "0.01", "99999999.99"] },
    {
      type: "float",
      edges: ["0", "-0e0", "1.17549435e-38", "3.40282347e38", "-3.4e38", "1.4e-45", "0.1", "16777217"],
      any: anyFloat,
    },
    {
      type: "float(7,3)",
      edges: ["0", "-1.5", "1234.567", "0.001"],
      any: (r) => `${digits(r, 4)}.${digits(r, 3)}`,
    },
    { type: "float unsigned zerofill", edges: ["0", "0.1", "1e10"] },
    {
      type: "double",
      edges: [
        "0",
        "-0e0",
        "1.7976931348623157e308",
        "-1.7976931348623157e308",
        "4.9e-324",
        "2.2250738585072014e-308",
        "0.1",
        "9007199254740993e0",
      ],
      any: anyDouble,
    },
    {
      type: "double(12,4)",
      edges: ["0", "-1.5", "99999999.9999"],
      any: (r) => `${digits(r, 8)}.${digits(r, 4)}`,
    },
    {
      type: "date",
      edges: quoted(
        "0000-00-00",
        "0000-01-01",
        "0001-01-01",
        "1000-01-01",
        "9999-12-31",
        "2024-02-29",
        "2024-02-31",
        "2024-00-00",
        "1582-10-10",
      ),
    },
    {
      type: "time",
      edges: quoted("838:59:59", "-838:59:59", "00:00:00", "-00:00:01", "100:00:00", "99:59:59"),
    },
    { type: "time(3)", edges: quoted("838:59:58.999", "-838:59:58.999", "-00:00:00.001", "00:00:00") },
    {
      type: "time(6)",
      edges: quoted("838:59:58.999999", "-838:59:58.999999", "-00:00:00.000001", "00:00:00"),
    },
    { type: "year", edges: ["0", "1901", "2155", "2000", "1970"] },
    ...[0, 1, 2, 3, 4, 5, 6].map((fraction) => moments("datetime", fraction)),
    ...[0, 3, 6].map((fraction) => moments("timestamp", fraction)),
    ...texts(),
    ...bytes(),
    ...shapes(),
    {
      type: "json",
      edges: quoted(
        "{}",
        "[]",
        "null",
        "true",
        '""',
        "0",
        "-0.0",
        "18446744073709551615",
        "-9223372036854775808",
        "1e100",
        "0.1",
        '{"b": 1, "a": [1, 2.5, null, "é😀\\\\"]}',
        '"\\u0000\\n"',
      ),
      any: (r) => text(JSON.stringify({ [pick(r, "abc", 3)]: r.fraction(), n: [digits(r, 5), null] })),
    },
    { type: "vector(3)", edges: ["X'0000803F0000004000004040'", "X'000000000000000000000080'"], on: "mysql" },
    {
      type: "uuid",
      edges: quoted(
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "123e4567-e89b-12d3-a456-426655440000",
      ),
      on: "mariadb",
    },
    {
      type: "inet6",
      edges: quoted("::", "::1", "2001:db8::ff00:42:8329", "::ffff:192.0.2.1"),
      on: "mariadb",
    },
    { type: "inet4", edges: quoted("0.0.0.0", "255.255.255.255", "192.0.2.1"), on: "mariadb" },
  ];
  return all.filter(({ on }) => on === undefined || on === server);
}

/** The table's column of a case. */
function columnName(i: number): string {
  return `c${i}`;
}

/**
 * Creates a table with a column for each case and fills it: each column has its
 * type's edges and NULL first, then any values of it.
 */
export async function fillTable(
  connection: Connection,
  table: string,
  cases: readonly TypeCase[],
  rowCount: number,
): Promise<void> {
  const random = new SeededRandom(6);
  const columns = cases.map(({ type }, i) => `${columnName(i)} ${nullable(type)}`);
  await connection.query(`CREATE TABLE ${table} (id INT NOT NULL PRIMARY KEY, ${columns.join(", ")})`);
  const rows = Array.from({ length: rowCount }, (_, n) => {
    const values = cases.map(({ edges, any }) => {
      const edge = n % (edges.length + 1);
      const isEdge = any === undefined || n <= edges.length;
      return isEdge ? (edges[edge] ?? "NULL") : any(random);
    });
    return `(${[n, ...values].join(",")})`;
  });
  for (let at = 0; at < rows.length; at += 50)
    await connection.query(`INSERT INTO ${table} VALUES ${rows.slice(at, at + 50).join(",")}`);
}

function nullable(type: string): string {
  return type.startsWith("timestamp") ? `${type} NULL` : type;
}
