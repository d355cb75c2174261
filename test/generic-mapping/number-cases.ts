import {
  column,
  extra,
  int,
  long,
  double,
  decimal,
  doubleExtra,
  decimalExtra,
  type FieldCase,
} from "./mapping-place.ts";

export const NUMBER_CASES: readonly FieldCase[] = [
  {
    title: "Int32 alone is INT",
    type: "int",
    values: [-214748364, -1, 0, 1, 214748364].map((n) => [int(n), column(String(n))]),
  },
  {
    title: "Int32 within a factor of ten of its limit is BIGINT",
    type: "bigint",
    values: [-2147483648, -1, 0, 1, 2147483647].map((n) => [int(n), column(String(n))]),
  },
  {
    title: "Int32 from a tenth of its limit on is BIGINT",
    type: "bigint",
    values: [1, -214748365].map((n) => [int(n), column(String(n))]),
  },
  {
    title: "Int32 and Int64 are BIGINT, also beyond 2^53",
    type: "bigint",
    values: [
      [int(7), column("7")],
      ...["9007199254740993", "-9007199254740993", "9223372036854775807", "-9223372036854775808", "0"].map(
        (text) => [long(text), column(text)] as const,
      ),
    ],
  },
  {
    title:
      "Double with integers up to 2^53 is DOUBLE; larger integers, NaN, infinities and -0 stay beside it",
    type: "double",
    values: [
      ...[
        0.1,
        -2.5e-10,
        5e-324,
        2.2250738585072014e-308,
        1.7976931348623157e308,
        1e22,
        123456789012345680,
        1 / 3,
      ].map((n) => [double(n), column(String(n))] as const),
      [double(0), column("0")],
      [int(42), column("42")],
      [long("9007199254740992"), column("9007199254740992")],
      [long("-9007199254740992"), column("-9007199254740992")],
      [long("9007199254740993"), extra('{"$numberLong":"9007199254740993"}')],
      [long("-9007199254740993"), extra('{"$numberLong":"-9007199254740993"}')],
      [long("9007199254740994"), extra('{"$numberLong":"9007199254740994"}')],
      doubleExtra("NaN"),
      doubleExtra("Infinity"),
      doubleExtra("-Infinity"),
      [double(-0), extra('{"$numberDouble":"-0.0"}')],
    ],
  },
  {
    title: "Decimal128 is a DECIMAL wide enough; what it cannot hold stays beside it",
    type: /^decimal\(\d+,30\)$/,
    values: [
      [decimal("1.50"), column("1.5")],
      [decimal("0.1"), column("0.1")],
      [decimal("-1E-30"), column("-0.000000000000000000000000000001")],
      [
        decimal("12345678901234567890123456789012345".slice(0, 34)),
        column("1234567890123456789012345678901234"),
      ],
      [decimal("-12345678901234567890123456789012.34"), column("-12345678901234567890123456789012.34")],
      [decimal("1E+10"), column("10000000000")],
      [decimal("1E+34"), column("10000000000000000000000000000000000")],
      [decimal("0E+3"), column("0")],
      [decimal("0E-6176"), column("0")],
      [int(-3), column("-3")],
      [long("9223372036854775807"), column("9223372036854775807")],
      ...[
        "NaN",
        "Infinity",
        "-Infinity",
        "-0",
        "1E-31",
        "1E+65",
        "9.999999999999999999999999999999999E+6144",
      ].map(decimalExtra),
    ],
  },
  {
    title: "Decimal128 without a fraction is a DECIMAL of up to 65 digits",
    type: "decimal(65,0)",
    values: [
      [decimal("1E+64"), column(`1${"0".repeat(64)}`)],
      [decimal("9.9E+64"), column(`99${"0".repeat(63)}`)],
      [decimal("-7"), column("-7")],
      decimalExtra("1E+65"),
    ],
  },
];
