import { BSONRegExp, BSONSymbol, Code, MaxKey, MinKey, ObjectId, Timestamp } from "bson";
import { RawValue, stringBytes } from "@firebreak/testing/documents/document-bytes";
import { HOSTILE_STRINGS } from "./hostile-strings.ts";
import {
  column,
  extra,
  int,
  long,
  double,
  inColumn,
  binary,
  date,
  dateExtra,
  oid,
  type FieldCase,
} from "./mapping-place.ts";
import { NUMBER_CASES } from "./number-cases.ts";

export const FIELD_CASES: readonly FieldCase[] = [
  ...NUMBER_CASES,
  {
    title: "Boolean is TINYINT(1)",
    type: "tinyint(1)",
    values: [
      [true, column("1")],
      [false, column("0")],
    ],
  },
  {
    title: "a short String is VARCHAR, whatever its letters",
    type: /^varchar\(\d+\)$/,
    values: HOSTILE_STRINGS.map(inColumn),
  },
  {
    title: "a String of 383 characters is VARCHAR of twice that",
    type: "varchar(768)",
    values: ["é".repeat(383), "", "\0".repeat(383), "x".repeat(382)].map(inColumn),
  },
  {
    title: "a String of 384 characters is TEXT",
    type: "text",
    values: ["x".repeat(384), ...HOSTILE_STRINGS].map(inColumn),
  },
  {
    title: "a String of 32,767 bytes is TEXT",
    type: "text",
    values: ["x".repeat(32_767), "é".repeat(16_383)].map(inColumn),
  },
  {
    title: "a String of 32,768 bytes is MEDIUMTEXT, also where its letters are fewer",
    type: "mediumtext",
    values: ["é".repeat(16_384), "数".repeat(10_500), `${"😀".repeat(20_000)}\n"`].map(inColumn),
  },
  {
    title: "a String that is not valid UTF-8 stays beside the column",
    type: /^varchar/,
    values: [
      inColumn("valid"),
      ...["ff", "c3", "eda080", "c080", "f4908080", "61ff62"].map((hex) => {
        const bytes = stringBytes(Buffer.from(hex, "hex"));
        return [new RawValue(0x02, bytes), extra("raw")] as const;
      }),
    ],
  },
  {
    title: "Date is DATETIME(3) from year 1 to 9999; other dates stay beside it",
    type: "datetime(3)",
    values: [
      [date(0n), column("1970-01-01 00:00:00.000")],
      [date(1n), column("1970-01-01 00:00:00.001")],
      [date(-1n), column("1969-12-31 23:59:59.999")],
      [date(-62135596800000n), column("0001-01-01 00:00:00.000")],
      [date(-30610224000000n), column("1000-01-01 00:00:00.000")],
      [date(253402300799999n), column("9999-12-31 23:59:59.999")],
      [date(1711846800000n), column("2024-03-31 01:00:00.000")],
      [date(951782400123n), column("2000-02-29 00:00:00.123")],
      ...[
        -62135596800001n,
        253402300800000n,
        8640000000000001n,
        9223372036854775807n,
        -9223372036854775808n,
      ].map(dateExtra),
    ],
  },
  {
    title: "ObjectId is CHAR(24)",
    type: "char(24)",
    values: ["000000000000000000000000", "ffffffffffffffffffffffff", oid].map((hex) => [
      new ObjectId(hex),
      column(hex),
    ]),
  },
  {
    title: "Binary of subtype 0 is VARBINARY; other subtypes stay beside it",
    type: /^varbinary\(\d+\)$/,
    values: [
      ...["", "00", "ff00ff", "22", "5c4e", "4e554c4c", "2c0a0d1a", "000000"].map(
        (hex) => [binary(hex), column(hex)] as const,
      ),
      [
        binary("00112233445566778899aabbccddeeff", 4),
        extra('{"$binary":{"base64":"ABEiM0RVZneImaq7zN3u/w==","subType":"04"}}'),
      ],
      [binary("01", 5), extra('{"$binary":{"base64":"AQ==","subType":"05"}}')],
      [binary("ff", 0x80), extra('{"$binary":{"base64":"/w==","subType":"80"}}')],
      [
        new RawValue(0x05, Buffer.from("050000000201000000aa", "hex")),
        extra('{"$binary":{"base64":"qg==","subType":"02"}}'),
      ],
    ],
  },
  {
    title: "UUIDs are BINARY(16); another subtype or length stays beside it",
    type: "binary(16)",
    values: [
      ...["00112233445566778899aabbccddeeff", "00".repeat(16), `${"ff".repeat(15)}20`].map(
        (hex) => [binary(hex, 4), column(hex)] as const,
      ),
      [binary("01".repeat(16), 3), extra('{"$binary":{"base64":"AQEBAQEBAQEBAQEBAQEBAQ==","subType":"03"}}')],
      [binary("01".repeat(16)), extra('{"$binary":{"base64":"AQEBAQEBAQEBAQEBAQEBAQ==","subType":"00"}}')],
      [binary("01".repeat(15), 4), extra('{"$binary":{"base64":"AQEBAQEBAQEBAQEBAQEB","subType":"04"}}')],
      [binary("01".repeat(17), 4), extra('{"$binary":{"base64":"AQEBAQEBAQEBAQEBAQEBAQE=","subType":"04"}}')],
    ],
  },
  {
    title: "legacy UUIDs are BINARY(16)",
    type: "binary(16)",
    values: ["00112233445566778899aabbccddeeff", "20".repeat(16)].map((hex) => [binary(hex, 3), column(hex)]),
  },
  {
    title: "Binary of up to 32,767 bytes is BLOB",
    type: "blob",
    values: ["ab".repeat(32_767), "", "00"].map((hex) => [binary(hex), column(hex)]),
  },
  {
    title: "Binary of 32,768 bytes is MEDIUMBLOB",
    type: "mediumblob",
    values: ["00".repeat(32_768), "22"].map((hex) => [binary(hex), column(hex)]),
  },
  {
    title: "sub-documents and arrays are LONGTEXT in canonical Extended JSON, their order kept",
    type: "longtext",
    values: [
      [{}, column("{}")],
      [[], column("[]")],
      [
        new Map<string, unknown>([
          ["b", int(1)],
          ["1", int(2)],
        ]),
        column('{"b":{"$numberInt":"1"},"1":{"$numberInt":"2"}}'),
      ],
      [
        new Map<string, unknown>([
          ["__proto__", int(1)],
          ["x", true],
        ]),
        column('{"__proto__":{"$numberInt":"1"},"x":true}'),
      ],
      [
        [
          [
            new Map([
              ["z", "q"],
              ["0", "p"],
            ]),
          ],
        ],
        column('[[{"z":"q","0":"p"}]]'),
      ],
      [
        new Map<string, unknown>([
          ["d", double(-0)],
          ["n", double(NaN)],
          ["l", long("9007199254740993")],
          ["u", '\0\u2028"'],
        ]),
        column(
          `{"d":{"$numberDouble":"-0.0"},"n":{"$numberDouble":"NaN"},"l":{"$numberLong":"9007199254740993"},"u":${JSON.stringify('\0\u2028"')}}`,
        ),
      ],
      [[int(1), null, "a", new MinKey()], column('[{"$numberInt":"1"},null,"a",{"$minKey":1}]')],
    ],
  },
  {
    title: "kinds without a column have none",
    type: undefined,
    values: [
      [new Timestamp({ t: 4294967295, i: 1 }), extra('{"$timestamp":{"t":4294967295,"i":1}}')],
      [new BSONRegExp('a"/\n', "i"), extra('{"$regularExpression":{"pattern":"a\\"/\\n","options":"i"}}')],
      [new Code("x()"), extra('{"$code":"x()"}')],
      [new Code("x()", { y: int(1) }), extra('{"$code":"x()","$scope":{"y":{"$numberInt":"1"}}}')],
      [new BSONSymbol("s"), extra('{"$symbol":"s"}')],
      [
        new RawValue(0x0c, Buffer.concat([stringBytes(Buffer.from("db.c")), Buffer.from(oid, "hex")])),
        extra(`{"$dbPointer":{"$ref":"db.c","$id":{"$oid":"${oid}"}}}`),
      ],
      [new MinKey(), extra('{"$minKey":1}')],
      [new MaxKey(), extra('{"$maxKey":1}')],
      [new RawValue(0x06, Buffer.alloc(0)), extra('{"$undefined":true}')],
    ],
  },
  {
    title: "a field that is always null has no column",
    type: undefined,
    values: [
      [null, extra("null")],
      [null, extra("null")],
    ],
  },
  {
    title: "the commonest kind has the column, the others stay beside it, and an explicit null too",
    type: /^varchar/,
    values: [
      inColumn("one"),
      inColumn("2"),
      inColumn(""),
      [int(3), extra('{"$numberInt":"3"}')],
      [true, extra("true")],
      [null, extra("null")],
      [{ a: "b" }, extra('{"a":"b"}')],
      [["c"], extra('["c"]')],
      [new Timestamp({ t: 1, i: 2 }), extra('{"$timestamp":{"t":1,"i":2}}')],
    ],
  },
  {
    title: "numbers count as one kind",
    type: "double",
    values: [
      [int(1), column("1")],
      [long("2"), column("2")],
      [double(0.5), column("0.5")],
      ["a", extra('"a"')],
      ["b", extra('"b"')],
    ],
  },
];
