import fc from "fast-check";
import { createConnection, type Connection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentOf, kindOf } from "@firebreak/archive";
import {
  emptyCollectionSurvey,
  surveyField,
  type CollectionSurvey,
} from "../../src/survey/collection-survey.ts";
import {
  sqlTypeOf,
  type ColumnPlan,
  type ColumnRule,
  columnLine,
  createTableStatement,
} from "@firebreak/mysql-format";
import { fitsRow } from "../../src/tables/fit-row.ts";
import { planTable, type TablePlan } from "../../src/tables/table-plan.ts";

const database = `t_table_plan_${process.pid}`;
const servers = { mysql: "FIREBREAK_TEST_MYSQL", mariadb: "FIREBREAK_TEST_MARIADB" } as const;

/** Values as canonical Extended JSON text, from a length. */
const VALUES = {
  string: (n: number) => JSON.stringify("x".repeat(n)),
  binary: (n: number) => `{"$binary":{"base64":"${Buffer.alloc(n).toString("base64")}","subType":"00"}}`,
  decimal: (n: number) => `{"$numberDecimal":"${"9".repeat(1 + (n % 34))}.5"}`,
  int32: () => '{"$numberInt":"1"}',
  int64: () => '{"$numberLong":"1"}',
  double: () => '{"$numberDouble":"1.5"}',
  date: () => '{"$date":{"$numberLong":"0"}}',
  objectId: () => '{"$oid":"000000000000000000000000"}',
  uuid: () => '{"$binary":{"base64":"AAAAAAAAAAAAAAAAAAAAAA==","subType":"04"}}',
  boolean: () => "true",
  nested: () => "[]",
} as const;
const TIMESTAMP = '{"$timestamp":{"t":1,"i":1}}';
type ValueKind = keyof typeof VALUES;

type Spec = readonly { readonly kind: ValueKind; readonly length: number }[];
const lengths = fc.oneof(fc.constantFrom(0, 16, 17, 63, 64, 65, 255, 256, 512, 768, 769), fc.nat(800));
const kinds = Object.keys(VALUES) as ValueKind[];
const spec: fc.Arbitrary<Spec> = fc
  .tuple(fc.subarray(kinds, { minLength: 1 }), fc.integer({ min: 1, max: 320 }))
  .chain(([some, count]) =>
    fc.array(fc.record({ kind: fc.constantFrom(...some), length: lengths }), {
      minLength: count,
      maxLength: count,
    }),
  );
const keys = fc.oneof(
  fc.constantFrom(VALUES.objectId(), VALUES.int32(), "null"),
  fc.integer({ min: 1, max: 768 }).map(VALUES.string),
  fc.integer({ min: 1, max: 3072 }).map(VALUES.binary),
);

function planOf(key: string, fields: Spec): TablePlan {
  const survey: CollectionSurvey = emptyCollectionSurvey();
  survey.lineCount = 1;
  surveyText(survey, "_id", key);
  fields.forEach(({ kind, length }, i) => surveyText(survey, `f${i}`, VALUES[kind](length)));
  return planTable("d.c", "d", "t", survey);
}

/** The longest value a column takes, so far as it stands in the row: what is moved out of it is not filled. */
function worstCase(rule: ColumnRule): string {
  switch (rule.kind) {
    case "string":
      return `REPEAT('😀', ${rule.maxCharacters ?? 2000})`;
    case "keyText":
      return "REPEAT('😀', 768)";
    case "binary":
      return `REPEAT('x', ${Math.min(rule.maxBytes, 4000)})`;
    case "decimal":
      return `${"9".repeat(rule.precision - rule.scale)}.${"9".repeat(rule.scale) || "0"}`;
    case "integer":
    case "boolean":
      return "1";
    case "double":
      return "1.5e300";
    case "date":
      return "'9999-12-31 23:59:59.999'";
    case "uuid":
    case "uuidLegacy":
      return "REPEAT('x', 16)";
    case "objectId":
      return "REPEAT('f', 24)";
    case "nested":
    case "extra":
      return "REPEAT('数', 3000)";
  }
}

test("the key is first and _extra last, the commoner fields before the rarer", () => {
  const survey = emptyCollectionSurvey();
  for (const [name, count] of [
    ["rare", 1],
    ["common", 3],
    ["_id", 3],
    ["usual", 2],
  ] as const)
    for (let n = 0; n < count; n++) surveyText(survey, name, VALUES.int32());
  expect(planTable("d.c", "d", "t", survey).columns.map((c) => c.name)).toEqual([
    "_id",
    "common",
    "usual",
    "rare",
    "_extra",
  ]);
});

test.each([
  ["the commonest spelling of a name has the column", VALUES.int32(), "email"],
  ["a spelling whose values fit no column leaves it to the next", TIMESTAMP, "Email"],
])("%s", (_, common, expected) => {
  const survey = emptyCollectionSurvey();
  surveyText(survey, "Email", VALUES.string(5));
  for (let n = 0; n < 3; n++) surveyText(survey, "email", common);
  expect(planTable("d.c", "d", "t", survey).columns.map((c) => c.name)).toEqual(["_id", expected, "_extra"]);
});

test("a collection without documents has a table that says so", () => {
  const { columns } = planTable("d.c", "d", "t", emptyCollectionSurvey());
  expect(columns.map((c) => [c.name, sqlTypeOf(c.rule)])).toEqual([
    ["_id", "varchar(768)"],
    ["_extra", "longtext"],
  ]);
});

describe.each(Object.entries(servers))("on %s", (_, variable) => {
  const url = process.env[variable];
  const why = url === undefined ? ` (skipped: ${variable} not set)` : "";
  let connection: Connection;

  beforeAll(async () => {
    if (url === undefined) return;
    connection = await createConnection({ uri: url, charset: "utf8mb4" });
    await connection.query(`CREATE DATABASE ${database}`);
    await connection.query(`USE ${database}`);
    await connection.query("SET sql_mode = 'STRICT_ALL_TABLES'");
  });
  afterAll(async () => {
    await connection?.query(`DROP DATABASE IF EXISTS ${database}`);
    await connection?.end();
  });

  test.skipIf(url === undefined)(
    `any table can be made, and takes the longest row there is${why}`,
    async () => {
      await fc.assert(
        fc.asyncProperty(keys, spec, async (key, fields) => {
          const plan = planOf(key, fields);
          await connection.query("DROP TABLE IF EXISTS t");
          await connection.query(createTableStatement(plan, "t"));
          await connection.query(
            `INSERT INTO t VALUES (${plan.columns.map((c) => worstCase(c.rule)).join(", ")})`,
          );
          const [warnings] = await connection.query<RowDataPacket[]>("SHOW WARNINGS");
          expect(warnings).toEqual([]);
        }),
        { numRuns: 30 },
      );
    },
  );

  test.skipIf(url === undefined).each(kinds)(
    `300 fields of kind %s keep their columns or leave some${why}`,
    async (kind) => {
      for (const length of [0, 40, 200, 768]) {
        const plan = planOf(
          VALUES.objectId(),
          Array.from({ length: 300 }, () => ({ kind, length })),
        );
        await connection.query("DROP TABLE IF EXISTS t");
        await connection.query(createTableStatement(plan, "t"));
        await connection.query(
          `INSERT INTO t VALUES (${plan.columns.map((c) => worstCase(c.rule)).join(", ")})`,
        );
        expect(plan.columns.length).toBeGreaterThan(180);
      }
    },
  );

  test.skipIf(url === undefined)(`a key column can be made as wide as a row has room for${why}`, async () => {
    const plan = planOf(
      VALUES.string(1),
      Array.from({ length: 21 }, () => ({ kind: "string", length: 383 })),
    );
    const wider = (maxCharacters: number): ColumnPlan[] => [
      { name: "_id", rule: { kind: "string", maxCharacters } },
      ...plan.columns.slice(1),
    ];
    const widest = Array.from({ length: 768 }, (_, i) => i + 1).findLast((n) =>
      fitsRow(wider(n).slice(0, -1)),
    )!;
    expect(widest).toBeGreaterThan(100);
    expect(fitsRow(wider(768).slice(0, -1))).toBe(false);
    await connection.query("DROP TABLE IF EXISTS t");
    await connection.query(createTableStatement(plan, "t"));
    const widen = (n: number): Promise<unknown> =>
      connection.query(`ALTER TABLE t MODIFY COLUMN ${columnLine(wider(n)[0]!, true)}`);
    await widen(widest);
    await expect(widen(768)).rejects.toMatchObject({ errno: 1118 });
  });
});

function surveyText(survey: CollectionSurvey, name: string, text: string): void {
  const kind = kindOf(text);
  surveyField(survey, name, kind, contentOf(text, kind));
}
