import { Binary, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from "bson";

export interface KeyCase {
  readonly title: string;
  readonly type: string | RegExp;
  /** Each `_id` with the text of its column (of a binary column its bytes in hex); undefined for quarantine. */
  readonly keys: readonly (readonly [id: unknown, cell: string | undefined])[];
}

export const TEXT = "varchar(768)";
const int = (value: number): Int32 => new Int32(value);
export const same = (text: string): readonly [string, string] => [text, text];
export const json = (text: string): readonly [string, string] => [text, JSON.stringify(text)];
const oid = "0102030405060708090a0b0c";

/** All of these documents are rows. */
export const KEY_CASES: readonly KeyCase[] = [
  { title: "ObjectIds are CHAR(24)", type: "char(24)", keys: [[new ObjectId(oid), oid]] },
  {
    title: "Int32 is INT",
    type: "int",
    keys: [
      [int(-1), "-1"],
      [int(0), "0"],
      [int(2147483647), "2147483647"],
    ],
  },
  {
    title: "Int32 and Int64 are BIGINT",
    type: "bigint",
    keys: [
      [int(0), "0"],
      [int(5), "5"],
      [Long.MAX_VALUE, "9223372036854775807"],
      [Long.MIN_VALUE, "-9223372036854775808"],
    ],
  },
  {
    title: "Doubles are DOUBLE",
    type: "double",
    keys: [
      [new Double(0.1), "0.1"],
      [new Double(-1.5e300), "-1.5e300"],
      [new Double(0), "0"],
      [int(3), "3"],
    ],
  },
  {
    title: "Doubles that no column holds make all ids text",
    type: TEXT,
    keys: [
      [new Double(0.5), '{"$numberDouble":"0.5"}'],
      [new Double(NaN), '{"$numberDouble":"NaN"}'],
      [new Double(Infinity), '{"$numberDouble":"Infinity"}'],
      [new Double(-0), '{"$numberDouble":"-0.0"}'],
      [int(7), '{"$numberInt":"7"}'],
    ],
  },
  {
    title: "a Double beside an integer beyond 2^53 makes all ids text",
    type: TEXT,
    keys: [
      [new Double(9007199254740992), '{"$numberDouble":"9007199254740992.0"}'],
      [Long.fromString("9007199254740993"), '{"$numberLong":"9007199254740993"}'],
    ],
  },
  {
    title: "Decimal128 is DECIMAL",
    type: /^decimal\(\d+,2\)$/,
    keys: [
      [Decimal128.fromString("1.50"), "1.50"],
      [Decimal128.fromString("-0.01"), "-0.01"],
      [int(12), "12.00"],
    ],
  },
  {
    title: "Decimal128 beyond DECIMAL makes all ids text",
    type: TEXT,
    keys: [
      [Decimal128.fromString("1E+6000"), '{"$numberDecimal":"1E+6000"}'],
      [Decimal128.fromString("1.50"), '{"$numberDecimal":"1.50"}'],
      [Decimal128.fromString("NaN"), '{"$numberDecimal":"NaN"}'],
    ],
  },
  {
    title: "Booleans are TINYINT(1)",
    type: "tinyint(1)",
    keys: [
      [true, "1"],
      [false, "0"],
    ],
  },
  {
    title: "Dates are DATETIME(3)",
    type: "datetime(3)",
    keys: [
      [new Date(1), "1970-01-01 00:00:00.001"],
      [new Date(-1), "1969-12-31 23:59:59.999"],
    ],
  },
  {
    title: "a Date out of reach makes all ids text",
    type: TEXT,
    keys: [
      [new Date(8.64e15), '{"$date":{"$numberLong":"8640000000000000"}}'],
      [new Date(0), '{"$date":{"$numberLong":"0"}}'],
    ],
  },
  {
    title: "short Strings are VARCHAR that compares as MongoDB compares",
    type: /^varchar\(\d+\)$/,
    keys: [
      "",
      " ",
      "  ",
      "a",
      "A",
      "a ",
      "á",
      "a\u0301",
      "ss",
      "ß",
      "\0",
      "a\tb",
      "\n",
      "\\",
      '"',
      "NULL",
      "😀",
      "\ufeff",
    ].map(same),
  },
  {
    title: "Strings of 768 characters are VARCHAR",
    type: TEXT,
    keys: ["x".repeat(768), `${"x".repeat(767)}X`, "é".repeat(768)].map(same),
  },
  {
    title: "Binary ids of subtype 0 are VARBINARY",
    type: /^varbinary\(\d+\)$/,
    keys: ["", "00", "0000", "ff", "41", "61", "ab".repeat(300)].map((hex) => [
      new Binary(Buffer.from(hex, "hex")),
      hex,
    ]),
  },
  {
    title: "Binary ids of 3,072 bytes fit a key",
    type: "varbinary(3072)",
    keys: ["cd".repeat(3072), "00"].map((hex) => [new Binary(Buffer.from(hex, "hex")), hex]),
  },
  {
    title: "ids of several kinds are text",
    type: TEXT,
    keys: [
      [null, "null"],
      [true, "true"],
      [int(1), '{"$numberInt":"1"}'],
      json("1"),
      json(""),
      json('é"\\\n\0'),
      [new ObjectId(oid), `{"$oid":"${oid}"}`],
      [new Date(0), '{"$date":{"$numberLong":"0"}}'],
      [new Binary(Buffer.from("ff", "hex")), '{"$binary":{"base64":"/w==","subType":"00"}}'],
      [new Timestamp({ t: 1, i: 2 }), '{"$timestamp":{"t":1,"i":2}}'],
      [new MinKey(), '{"$minKey":1}'],
      [new MaxKey(), '{"$maxKey":1}'],
      [{ a: int(1) }, '{"a":{"$numberInt":"1"}}'],
    ],
  },
  {
    title: "nested ids are text, their order kept",
    type: TEXT,
    keys: [
      [{}, "{}"],
      [
        new Map([
          ["b", int(1)],
          ["1", int(2)],
        ]),
        '{"b":{"$numberInt":"1"},"1":{"$numberInt":"2"}}',
      ],
      [
        new Map([
          ["1", int(2)],
          ["b", int(1)],
        ]),
        '{"1":{"$numberInt":"2"},"b":{"$numberInt":"1"}}',
      ],
      [new Map([["__proto__", int(1)]]), '{"__proto__":{"$numberInt":"1"}}'],
      [{ a: [{ b: null }] }, '{"a":[{"b":null}]}'],
    ],
  },
  { title: "a null id is text", type: TEXT, keys: [[null, "null"]] },
  {
    title: "UUIDs are BINARY(16)",
    type: "binary(16)",
    keys: ["00", "01", "20", "ff"].map((byte) => [
      new Binary(Buffer.from(byte.repeat(16), "hex"), 4),
      byte.repeat(16),
    ]),
  },
  {
    title: "legacy UUIDs are BINARY(16)",
    type: "binary(16)",
    keys: [
      [
        new Binary(Buffer.from(`${"0a".repeat(8)}${"00".repeat(8)}`, "hex"), 3),
        `${"0a".repeat(8)}${"00".repeat(8)}`,
      ],
    ],
  },
  {
    title: "UUIDs of both subtypes are text",
    type: TEXT,
    keys: [3, 4].map((subType) => [
      new Binary(Buffer.alloc(16, 1), subType),
      `{"$binary":{"base64":"AQEBAQEBAQEBAQEBAQEBAQ==","subType":"0${subType}"}}`,
    ]),
  },
  {
    title: "a Binary of subtype 4 that is no UUID makes the ids text",
    type: TEXT,
    keys: [
      [new Binary(Buffer.alloc(15, 1), 4), '{"$binary":{"base64":"AQEBAQEBAQEBAQEBAQEB","subType":"04"}}'],
      [
        new Binary(Buffer.alloc(16, 1), 4),
        '{"$binary":{"base64":"AQEBAQEBAQEBAQEBAQEBAQ==","subType":"04"}}',
      ],
    ],
  },
];
