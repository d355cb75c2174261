import { expect, test } from "vitest";
import { contentOf, kindOf } from "@firebreak/archive";
import { chooseKeyRule, chooseRule } from "../../src/survey/choose-rule.ts";
import { sqlTypeOf } from "@firebreak/mysql-format";
import { emptyFieldSurvey, surveyValue, type FieldSurvey } from "../../src/survey/field-survey.ts";
import type { Room } from "../../src/survey/headroom.ts";

function surveyOf(...texts: readonly string[]): FieldSurvey {
  const survey = emptyFieldSurvey();
  for (const text of texts) surveyValue(survey, kindOf(text), contentOf(text, kindOf(text)));
  return survey;
}

function typeOf(survey: FieldSurvey, room: Room = "full"): string {
  return sqlTypeOf(chooseRule(survey, room)!);
}

const strings = (characters: number, bytes = characters): FieldSurvey => ({
  ...emptyFieldSurvey(),
  kinds: { string: 1 },
  maxCharacters: characters,
  maxBytes: bytes,
});
const binaries = (bytes: number): FieldSurvey => ({
  ...emptyFieldSurvey(),
  kinds: { binary: 1 },
  maxBinaryBytes: bytes,
});
const int = (n: number): string => `{"$numberInt":"${n}"}`;
const long = (n: bigint): string => `{"$numberLong":"${n}"}`;
const decimal = (digits: number, scale = 2): string =>
  `{"$numberDecimal":"${"9".repeat(digits)}${scale === 0 ? "" : `.${"9".repeat(scale)}`}"}`;

const USUAL = [16, 32, 64, 128, 255, 512, 768] as const;

test.each(USUAL.map((length, i) => [length, USUAL[i + 1]] as const))(
  "a length of %i is the room of what is shorter than its half, the next from there on",
  (length, next) => {
    const last = Math.ceil(length / 2) - 1;
    expect(typeOf(strings(last - 1))).toBe(`varchar(${length})`);
    expect(typeOf(strings(last))).toBe(`varchar(${length})`);
    expect(typeOf(strings(last + 1))).toBe(next === undefined ? "text" : `varchar(${next})`);
    expect(typeOf(binaries(last))).toBe(`varbinary(${length})`);
    expect(typeOf(binaries(last + 1))).toBe(next === undefined ? "blob" : `varbinary(${next})`);
  },
);

test.each(USUAL)("without room a length of %i is for what is as long", (length) => {
  expect(typeOf(strings(length - 1), "none")).toBe(`varchar(${length})`);
  expect(typeOf(strings(length), "none")).toBe(`varchar(${length})`);
  expect(typeOf(strings(length + 1), "none")).not.toBe(`varchar(${length})`);
});

test.each([
  [32_767, "text", "blob"],
  [32_768, "mediumtext", "mediumblob"],
  [8_388_607, "mediumtext", "mediumblob"],
  [8_388_608, "longtext", "longblob"],
])("texts and binaries of %i bytes have twice that in a %s or %s", (bytes, text, blob) => {
  expect(typeOf(strings(bytes, bytes))).toBe(text);
  expect(typeOf(binaries(bytes))).toBe(blob);
});

test("a text's room beyond VARCHAR is measured in bytes, not in characters", () => {
  expect(typeOf(strings(20_000, 32_767))).toBe("text");
  expect(typeOf(strings(20_000, 32_768))).toBe("mediumtext");
});

test.each([
  [[214_748_363], "int"],
  [[214_748_364], "int"],
  [[214_748_365], "bigint"],
  [[-214_748_363], "int"],
  [[-214_748_364], "int"],
  [[-214_748_365], "bigint"],
  [[1, -214_748_365, 2], "bigint"],
  [[2_147_483_647], "bigint"],
  [[-2_147_483_648], "bigint"],
])("Int32s %j are in a column of type %s", (values, type) => {
  expect(typeOf(surveyOf(...values.map(int)))).toBe(type);
});

test("there is no size above BIGINT, and Int64s have none below", () => {
  expect(typeOf(surveyOf(long(2n ** 63n - 1n)))).toBe("bigint");
  expect(typeOf(surveyOf(long(1n)))).toBe("bigint");
});

test.each([
  [1, 9],
  [3, 9],
  [4, 9],
  [5, 18],
  [8, 18],
  [9, 27],
  [13, 27],
  [14, 36],
  [17, 36],
  [18, 45],
  [22, 45],
  [23, 54],
  [26, 54],
  [27, 63],
  [31, 63],
  [32, 65],
  [34, 65],
])("decimals of %i digits before the point get %i, and no more decimals", (seen, digits) => {
  expect(typeOf(surveyOf(decimal(seen, 0)))).toBe(`decimal(${digits},0)`);
});

test("digits before the point and decimals are 65 together at most", () => {
  expect(typeOf(surveyOf(decimal(4, 30)))).toBe("decimal(39,30)");
  expect(typeOf(surveyOf(decimal(14, 0), decimal(4, 30)))).toBe("decimal(65,30)");
  expect(typeOf(surveyOf(decimal(13, 0), decimal(4, 30)))).toBe("decimal(57,30)");
  expect(typeOf(surveyOf(decimal(34, 0), decimal(4, 30)))).toBe("decimal(65,30)");
});

test("of integers beside decimals the sign takes no digit", () => {
  expect(typeOf(surveyOf(decimal(1), int(-1234)))).toBe("decimal(11,2)");
  expect(typeOf(surveyOf(decimal(1), int(-12_345)))).toBe("decimal(20,2)");
});

test.each([
  [7, "varchar(16)"],
  [8, "varchar(32)"],
  [63, "varchar(128)"],
  [64, "varchar(128)"],
  [128, "varchar(128)"],
  [129, "varchar(255)"],
  [255, "varchar(255)"],
  [256, "varchar(512)"],
  [512, "varchar(512)"],
  [513, "varchar(768)"],
  [768, "varchar(768)"],
  [769, "text"],
])(
  "in an index a text of %i characters is a %s: room makes none longer than every server takes",
  (characters, type) => {
    expect(typeOf(strings(characters), "indexed")).toBe(type);
  },
);

test.each([
  [255, "varbinary(512)"],
  [256, "varbinary(768)"],
  [768, "varbinary(768)"],
  [769, "varbinary(769)"],
  [3072, "varbinary(3072)"],
  [3073, "blob"],
])("in an index a binary of %i bytes is a %s", (bytes, type) => {
  expect(typeOf(binaries(bytes), "indexed")).toBe(type);
});

test.each([
  ["varchar(16)", strings(16)],
  ["varchar(32)", strings(17)],
  ["varchar(768)", strings(768)],
  ["varbinary(768)", binaries(768)],
  ["varbinary(769)", binaries(769)],
  ["varbinary(3072)", binaries(3072)],
  ["int", surveyOf(int(2_147_483_647))],
  ["decimal(5,2)", surveyOf(decimal(3))],
])("a key has no room: %s", (type, survey) => {
  expect(sqlTypeOf(chooseKeyRule(survey))).toBe(type);
});

test("texts above 768 characters and binaries above 3,072 bytes are no typed key", () => {
  expect(chooseKeyRule(strings(769)).kind).toBe("keyText");
  expect(chooseKeyRule(binaries(3073)).kind).toBe("keyText");
});
