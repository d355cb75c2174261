import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellOfLine, lineFormOf } from "../../src/index.ts";
import { fieldsOf, fromByteText, toByteText, type SourceColumn } from "../../../archive/src/index.ts";
import { RowLineWriter } from "../../src/values/row-line-writer.ts";
import { LineFields } from "@firebreak/archive";

function column(sqlType: string, facts: Partial<SourceColumn> = {}): SourceColumn {
  const dataType = /^\w+/.exec(sqlType)![0];
  const numbers = /\(([\d,]+)\)/.exec(sqlType)?.[1]?.split(",").map(Number) ?? [];
  const isDecimal = dataType === "decimal";
  return {
    name: "v",
    sqlType,
    dataType,
    ...(isDecimal ? { precision: numbers[0]!, scale: numbers[1] ?? 0 } : {}),
    ...(/^(time|datetime|timestamp)/.test(dataType) ? { fraction: numbers[0] ?? 0 } : {}),
    ...(/char|text|enum|set/.test(dataType) ? { characterSet: "utf8mb4" } : {}),
    isNullable: true,
    isGenerated: false,
    comment: "",
    ...facts,
  };
}

/** The cell of a server's text, by way of a line. */
function again(of: SourceColumn, text: string | Buffer): string | null | undefined {
  const writer = new RowLineWriter([{ name: "v", form: lineFormOf(of) }]);
  writer.write([Buffer.from(text)]);
  const line = Buffer.from(writer.out.written()).toString("latin1");
  const fields = new LineFields();
  fields.read(line, 0, line.length);
  return cellOfLine(of, fields, 0);
}

/** The cell of a value that stands in a line like this. */
function cell(of: SourceColumn, text: string): string | null | undefined {
  return cellOfLine(of, fieldsOf([{ name: "v", text: toByteText(text) }]), 0);
}

const digits = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: min, maxLength: max });

describe("what a line says of a server's value is the value again", () => {
  const integers = [
    ["tinyint", -128n, 127n],
    ["tinyint unsigned", 0n, 255n],
    ["smallint", -32_768n, 32_767n],
    ["mediumint unsigned", 0n, 16_777_215n],
    ["int", -(2n ** 31n), 2n ** 31n - 1n],
    ["int unsigned", 0n, 2n ** 32n - 1n],
    ["bigint", -(2n ** 63n), 2n ** 63n - 1n],
    ["bigint unsigned", 0n, 2n ** 64n - 1n],
  ] as const;
  test.each(integers)("%s", (type, min, max) => {
    fc.assert(
      fc.property(fc.bigInt({ min, max }), (value) => again(column(type), String(value)) === String(value)),
    );
  });

  test.each([
    ["decimal(65,30)", 35, 30],
    ["decimal(34,10)", 24, 10],
    ["decimal(10,2)", 8, 2],
    ["decimal(30,30)", 0, 30],
    ["decimal(20,0)", 20, 0],
  ])("%s, with all digits of its scale", (type, whole, scale) => {
    fc.assert(
      fc.property(digits(0, whole), digits(scale, scale), fc.boolean(), (before, behind, isNegative) => {
        const number = before.replace(/^0+/, "") || "0";
        const isZero = /^0*$/.test(number + behind);
        const text = `${isNegative && !isZero ? "-" : ""}${number}${scale > 0 ? `.${behind}` : ""}`;
        return again(column(type), text) === text;
      }),
    );
  });

  test("double and float, to the last bit", () => {
    // Both servers write a negative zero with its sign.
    const textOf = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));
    const same = (type: string, value: number): boolean =>
      Object.is(Number(again(column(type), textOf(value))), value);
    const finite = { noNaN: true, noDefaultInfinity: true } as const;
    fc.assert(fc.property(fc.double(finite), (value) => same("double", value)));
    fc.assert(fc.property(fc.float(finite), (value) => same("float", value)));
  });

  test.each([0, 1, 2, 3, 4, 5, 6])("datetime(%i), and what no calendar has", (fraction) => {
    const point = fraction === 0 ? "" : `.${"7".repeat(fraction)}`;
    const number = (max: number) => fc.nat({ max }).map((n) => String(n).padStart(2, "0"));
    const moment = fc
      .tuple(digits(4, 4), number(12), number(31), number(23), number(59), number(59))
      .map(([y, mo, d, h, mi, s]) => `${y}-${mo}-${d} ${h}:${mi}:${s}${point}`);
    fc.assert(fc.property(moment, (text) => again(column(`datetime(${fraction})`), text) === text));
  });

  test("text of any letters, bytes of any values", () => {
    const unit = fc.string({ unit: "binary" }).filter((s) => !s.endsWith(" "));
    for (const type of ["varchar(200)", "char(200)", "longtext", "set('a')", "json"])
      fc.assert(
        fc.property(unit, (text) => {
          const found = again(column(type), text);
          return found !== null && found !== undefined && fromByteText(found) === text;
        }),
      );
    fc.assert(
      fc.property(
        fc.uint8Array(),
        (bytes) => again(column("longblob"), Buffer.from(bytes)) === Buffer.from(bytes).toString("base64"),
      ),
    );
  });

  test.each([
    ["date", "0000-00-00"],
    ["date", "0000-01-01"],
    ["date", "2024-02-31"],
    ["time", "-838:59:59"],
    ["time(6)", "838:59:58.999999"],
    ["year", "0000"],
    ["uuid", "123e4567-e89b-12d3-a456-426655440000"],
  ])("%s %s", (type, text) => {
    expect(again(column(type), text)).toBe(text);
  });

  test("text of a set that UTF-8 does not give back whole says which it is", () => {
    const of = column("varchar(9)", { characterSet: "cp932" });
    expect(cell(of, '"bé"')).toBe(`t${toByteText("bé")}`);
    expect(cell(of, '{"$binary":{"base64":"7vk=","subType":"00"}}')).toBe("b7vk=");
  });
});

describe("a value that is not the column's has no cell", () => {
  const INT = '{"$numberInt":"-1"}';
  const LONG = '{"$numberLong":"4294967296"}';
  const DATE = '{"$date":{"$numberLong":"1"}}';
  const BINARY = '{"$binary":{"base64":"AQI=","subType":"00"}}';
  test.each([
    ["tinyint", '{"$numberInt":"128"}'],
    ["tinyint unsigned", INT],
    ["int unsigned", LONG],
    ["bigint unsigned", INT],
    ["bigint unsigned", '{"$numberDecimal":"18446744073709551616"}'],
    ["bigint", '{"$numberDecimal":"1.5"}'],
    ["int", '"1"'],
    ["int", '{"$numberDouble":"1.0"}'],
    ["int", "true"],
    ["decimal(10,2)", '{"$numberDecimal":"1.234"}'],
    ["decimal(10,2)", '{"$numberDecimal":"123456789.00"}'],
    ["decimal(10,2)", '{"$numberDecimal":"NaN"}'],
    ["decimal(10,2)", '{"$numberDecimal":"-0"}'],
    ["decimal(10,2) unsigned", '{"$numberDecimal":"-1.00"}'],
    ["double", '{"$numberDouble":"NaN"}'],
    ["double", '{"$numberDouble":"-Infinity"}'],
    ["float", '{"$numberDouble":"0.1"}'],
    ["float unsigned", '{"$numberDouble":"-1.0"}'],
    ["date", DATE],
    ["datetime", DATE],
    ["datetime(2)", DATE],
    ["datetime(6)", '"2024-01-01 00:00:00"'],
    ["datetime", '{"$date":{"$numberLong":"253402300800000"}}'],
    ["time(3)", '"10:00:00"'],
    ["year", '"24"'],
    ["char(5)", '"a "'],
    ["varchar(5)", INT],
    ["varchar(5)", BINARY],
    ["enum('a')", '"b"'],
    ["enum('a')", '"A"'],
    ["enum('a')", INT],
    ["binary(3)", BINARY],
    ["bit(3)", BINARY],
    ["varbinary(9)", '{"$binary":{"base64":"AQI=","subType":"04"}}'],
    ["varbinary(9)", '"AQI="'],
    ["json", '{"a":1}'],
  ])("%s: %s", (type, text) => {
    expect(cell(column(type), text)).toBeUndefined();
  });

  test("NULL where the column takes none, and NULL where it does", () => {
    expect(cell(column("int", { isNullable: false }), "null")).toBeUndefined();
    expect(cell(column("int"), "null")).toBeNull();
  });
});
