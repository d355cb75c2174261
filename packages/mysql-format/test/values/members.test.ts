import { describe, expect, test } from "vitest";
import { cellOfLine, lineFormOf, membersOf, needsNumbers } from "../../src/index.ts";
import { toByteText } from "../../../archive/src/index.ts";
import { LineBuffer, LineFields } from "@firebreak/archive";
import { writeCell } from "../../src/values/write-cell.ts";

describe("the names of members", () => {
  test.each([
    ["enum('a','b')", ["a", "b"]],
    ["enum('it''s','a\\\\b','(',',')", ["it's", "a\\b", "(", ","]],
    ["set('','x')", ["", "x"]],
    ["enum('a\nb')", ["a\nb"]],
  ])("%s", (sqlType, names) => {
    expect(membersOf(sqlType)).toEqual(names);
  });
});

describe("numbers are needed where two values have one text", () => {
  test.each([
    ["enum('','x')", true],
    ["enum('x','')", true],
    ["set('')", true],
    ["set('a','')", true],
    ["enum('a','A')", true],
    ["enum('b','e','é')", true],
    ["set('x','y','x')", true],
    ["enum('?','?')", true],
    ["enum('a','b')", false],
    ["enum('''')", false],
    ["enum('','''')", true],
    ["set(',')", false],
    ["varchar(3)", false],
  ])("%s: %s", (sqlType, isNeeded) => {
    expect(needsNumbers({ sqlType, dataType: /^\w+/.exec(sqlType)![0] })).toBe(isNeeded);
  });
});

function column(sqlType: string, isNumbered = true) {
  const dataType = /^\w+/.exec(sqlType)![0];
  const facts = { name: "v", sqlType, dataType, isNullable: true, isGenerated: false, comment: "" };
  return isNumbered ? { ...facts, isNumbered: true as const } : facts;
}

function lineValue(sqlType: string, text: string): string {
  const out = new LineBuffer();
  writeCell(out, lineFormOf(column(sqlType)), Buffer.from(text));
  return Buffer.from(out.written()).toString("latin1");
}

function cell(of: ReturnType<typeof column>, value: string): string | null | undefined {
  const line = toByteText(`{"v":${value}}`);
  const fields = new LineFields();
  fields.read(line, 0, line.length);
  return cellOfLine(of, fields, 0);
}

const WIDEST = `set(${Array.from({ length: 64 }, (_, i) => (i === 0 ? "''" : `'m${i}'`)).join(",")})`;

describe("a number in a line, at the borders of its types and one beyond", () => {
  test.each([
    ["0", '{"$numberInt":"0"}'],
    ["2147483647", '{"$numberInt":"2147483647"}'],
    ["2147483648", '{"$numberLong":"2147483648"}'],
    ["9223372036854775807", '{"$numberLong":"9223372036854775807"}'],
    ["9223372036854775808", '{"$numberDecimal":"9223372036854775808"}'],
    ["18446744073709551615", '{"$numberDecimal":"18446744073709551615"}'],
  ])("%s", (text, value) => {
    expect(lineValue(WIDEST, text)).toBe(value);
    expect(cell(column(WIDEST), value)).toBe(text);
  });

  test.each([
    ["enum('','x')", "2", true],
    ["enum('','x')", "3", false],
    ["enum('','x')", "-1", false],
    ["set('','x')", "3", true],
    ["set('','x')", "4", false],
  ])("%s has %s: %s", (sqlType, number, isThere) => {
    expect(cell(column(sqlType), `{"$numberInt":"${number}"}`)).toBe(isThere ? number : undefined);
  });

  test("what is no number stays a text", () => {
    expect(lineValue("enum('','?')", "😀")).toBe(toByteText('"😀"'));
  });

  test("a text is no value of a column that has numbers, nor a number of one that has texts", () => {
    expect(cell(column("enum('','x')"), '"x"')).toBeUndefined();
    expect(cell(column("enum('','x')", false), '{"$numberInt":"2"}')).toBeUndefined();
  });
});

describe("a text of an ENUM", () => {
  test.each([
    ["enum('a','b')", "b", "b"],
    ["enum('a','b')", "", ""],
    ["enum('a','b')", "c", undefined],
    ["enum('ä')", "ä", toByteText("ä")],
    ["enum('?')", "😀", undefined],
    ["enum('a\\\\b')", "a\\b", "a\\b"],
  ])("of %s: %s", (sqlType, text, expected) => {
    expect(cell(column(sqlType, false), JSON.stringify(text))).toBe(expected);
  });
});
