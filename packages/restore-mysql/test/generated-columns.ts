import type { SeededRandom } from "../../../fixtures/src/index.ts";
import type { SqlServer } from "@firebreak/testing/servers/databases";

/** A column of a generated table. */
export interface GeneratedColumn {
  readonly name: string;
  readonly definition: string;
  readonly family: "integer" | "number" | "text" | "time" | "bytes" | "other";
  /** Literals that it takes. */
  readonly values: readonly string[];
  readonly isGenerated: boolean;
}

interface ColumnType {
  readonly type: string;
  readonly family: GeneratedColumn["family"];
  readonly values: readonly string[];
  readonly defaults?: readonly string[];
  readonly on?: SqlServer;
}

const TYPES: readonly [ColumnType, ...ColumnType[]] = [
  { type: "INT", family: "integer", values: ["0", "-1", "2147483647"], defaults: ["5"] },
  { type: "TINYINT(1)", family: "integer", values: ["0", "1", "-128"], defaults: ["'1'"] },
  { type: "BIGINT UNSIGNED", family: "integer", values: ["0", "18446744073709551615"] },
  { type: "SMALLINT(5) UNSIGNED ZEROFILL", family: "integer", values: ["0", "7", "65535"] },
  { type: "DECIMAL(12,4)", family: "number", values: ["0", "-1.5", "12345678.9012"], defaults: ["1.50"] },
  { type: "DOUBLE", family: "number", values: ["0.1", "-1e300", "3"], defaults: ["0.25"] },
  { type: "FLOAT", family: "number", values: ["0.5", "-16777217", "1e-30"] },
  {
    type: "VARCHAR(40)",
    family: "text",
    values: ["''", "'a b '", "'it''s \\\\ \"x\"'"],
    defaults: ["'d''e'"],
  },
  { type: "CHAR(7)", family: "text", values: ["'abc'", "''", "'1234567'"], defaults: ["''"] },
  { type: "TEXT", family: "text", values: ["'line\\nline'", "REPEAT('y', 3000)"] },
  { type: "ENUM('a','b''c','')", family: "text", values: ["'a'", "'b''c'", "''"], defaults: ["'a'"] },
  { type: "SET('x','y','z')", family: "text", values: ["''", "'x,z'", "'y'"] },
  { type: "DATE", family: "time", values: ["'2024-02-29'", "'1000-01-01'"], defaults: ["'2020-01-01'"] },
  {
    type: "DATETIME(3)",
    family: "time",
    values: ["'2024-02-29 23:59:59.999'"],
    defaults: ["CURRENT_TIMESTAMP(3)"],
  },
  {
    type: "TIMESTAMP NULL",
    family: "time",
    values: ["'2024-02-29 12:00:00'"],
    defaults: ["CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"],
  },
  { type: "TIME(6)", family: "time", values: ["'-838:59:59'", "'00:00:00.000001'"] },
  { type: "YEAR", family: "time", values: ["1901", "2155", "0"] },
  { type: "BINARY(4)", family: "bytes", values: ["x'00ff00ff'", "'ab'"], defaults: ["'ab'"] },
  { type: "VARBINARY(20)", family: "bytes", values: ["x''", "x'c328'"] },
  { type: "BLOB", family: "bytes", values: ["x'0d0a1a00'", "REPEAT(x'ff', 999)"] },
  { type: "BIT(9)", family: "other", values: ["b'101'", "b'111111111'"], defaults: ["b'1'"] },
  { type: "JSON", family: "other", values: ['\'{"a": [1, null, "é"]}\'', "'[]'"] },
  { type: "POINT", family: "other", values: ["ST_GeomFromText('POINT(1 -2.5)')"] },
  { type: "VECTOR(2)", family: "other", values: ["x'0000803f00000040'"], on: "mysql" },
  { type: "UUID", family: "other", values: ["'123e4567-e89b-12d3-a456-426655440000'"], on: "mariadb" },
  { type: "INET6", family: "other", values: ["'::1'", "'2001:db8::ff00:42:8329'"], on: "mariadb" },
  { type: "VARCHAR(30) COMPRESSED", family: "text", values: ["'c'", "''"], on: "mariadb" },
];

const SETS = [
  "utf8mb4 COLLATE utf8mb4_bin",
  "utf8mb4 COLLATE utf8mb4_unicode_ci",
  "latin1",
  "utf8mb3 COLLATE utf8mb3_bin",
  "ucs2",
  "gbk",
  "utf16",
] as const;

/** Letters that all of these sets have. */
const LETTERS = ["'é'", "'è à'"] as const;

/** Makes a column that tells all that a column can, but for keys. */
export function generatedColumn(
  random: SeededRandom,
  server: SqlServer,
  name: string,
  earlier: readonly GeneratedColumn[],
): GeneratedColumn {
  const base = earlier.filter((c) => !c.isGenerated && c.family === "integer");
  if (base.length > 0 && random.chance(0.15)) {
    const on = `\`${random.pick(base as [GeneratedColumn]).name}\``;
    const formula = random.pick([
      `${on} DIV 2 + 1`,
      `CONCAT(${on}, '_x')`,
      `CASE WHEN ${on} > 3 THEN 1 ELSE -1 END`,
    ]);
    const kind = random.pick(["VIRTUAL", "STORED"]);
    return {
      name,
      definition: `VARCHAR(40) AS (${formula}) ${kind}`,
      family: "text",
      values: [],
      isGenerated: true,
    };
  }
  const of = TYPES.filter((t) => t.on === undefined || t.on === server);
  const { type, family, values, defaults } = random.pick(of as [ColumnType]);
  const isText = family === "text" && !type.includes("COMPRESSED");
  const set = isText && random.chance(0.3) ? ` CHARACTER SET ${random.pick(SETS)}` : "";
  const isObligatory = random.chance(0.3) && !type.includes("NULL");
  const hasDefault = defaults !== undefined && random.chance(0.5);
  const definition = [
    type + set,
    isObligatory ? "NOT NULL" : "",
    hasDefault ? `DEFAULT ${random.pick(defaults as [string])}` : "",
    random.chance(0.1) && (hasDefault || !isObligatory) ? "INVISIBLE" : "",
    random.chance(0.15) ? `COMMENT 'it''s ${name}, (x) DEFAULT'` : "",
  ];
  const letters = set !== "" ? LETTERS.filter(() => /^(?:VARCHAR|TEXT)/.test(type)) : [];
  return {
    name,
    // MariaDB has it before the default.
    definition: orderedFor(server, definition)
      .filter((d) => d !== "")
      .join(" "),
    family,
    values: [...values, ...letters, ...(isObligatory ? [] : ["NULL"])],
    isGenerated: false,
  };
}

function orderedFor(server: SqlServer, parts: string[]): string[] {
  const [type, nullable, value, invisible, comment] = parts as [string, string, string, string, string];
  return server === "mysql" ? parts : [type, nullable, invisible, value, comment];
}
