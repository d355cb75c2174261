import { BSON, EJSON } from "bson";
import { LineEncoder } from "@firebreak/archive";
import { describe, expect, test } from "vitest";
import { saying } from "@firebreak/testing/command-line/worded";
import { bsonOfExtendedJson } from "../src/extended-json.ts";

function canonical(text: string): string {
  const document = bsonOfExtendedJson(text);
  const encoder = new LineEncoder();
  encoder.encode(document, 0, document.length);
  return encoder.out.written().toString("utf8");
}

describe("a text in Extended JSON", () => {
  test("that is canonical comes out as it was", () => {
    const text = `{"s":"a\\n\\"é\\u0001","i":{"$numberInt":"-1"},"l":{"$numberLong":"9007199254740993"},"d":{"$numberDouble":"1.5"},"n":{"$numberDouble":"NaN"},"z":{"$numberDouble":"-0.0"},"dec":{"$numberDecimal":"1.10"},"t":{"$date":{"$numberLong":"-1"}},"o":{"$oid":"0123456789abcdef01234567"},"b":{"$binary":{"base64":"AAE=","subType":"80"}},"r":{"$regularExpression":{"pattern":"a/b","options":"im"}},"ts":{"$timestamp":{"t":1,"i":2}},"u":{"$undefined":true},"min":{"$minKey":1},"max":{"$maxKey":1},"a":[{"$numberInt":"1"},{},[]],"true":true,"false":false,"null":null}`;
    expect(canonical(text)).toBe(text);
  });

  test("may have plain numbers, which are the narrowest type that holds them", () => {
    expect(
      canonical('{"a":1,"b":-2147483648,"c":2147483648,"d":9223372036854775807,"e":9223372036854775808}'),
    ).toBe(
      '{"a":{"$numberInt":"1"},"b":{"$numberInt":"-2147483648"},"c":{"$numberLong":"2147483648"},"d":{"$numberLong":"9223372036854775807"},"e":{"$numberDouble":"9.223372036854776E+18"}}',
    );
    expect(canonical('{"a":1.0,"b":2e3,"c":-0}')).toBe(
      '{"a":{"$numberDouble":"1.0"},"b":{"$numberDouble":"2000.0"},"c":{"$numberInt":"0"}}',
    );
  });

  test("may have dates as people read them, and white space", () => {
    expect(canonical(' {\r\n\t"a" : { "$date" : "1970-01-01T00:00:01Z" } , "b" : [ 1 , 2 ] }\n')).toBe(
      '{"a":{"$date":{"$numberLong":"1000"}},"b":[{"$numberInt":"1"},{"$numberInt":"2"}]}',
    );
  });

  test("writes doubles as the archive does, not as Go does", () => {
    expect(canonical('{"a":{"$numberDouble":"1.234567E+06"}}')).toBe('{"a":{"$numberDouble":"1234567.0"}}');
  });

  test("keeps names where they stand, numbers and JavaScript's own among them", () => {
    const text = '{"b":{"$numberInt":"1"},"1":{"$numberInt":"2"},"__proto__":{"$numberInt":"3"},"0":{}}';
    expect(canonical(text)).toBe(text);
  });

  test("keeps both of two equal names", () => {
    const names = [...BSON.onDemand.parseToElements(bsonOfExtendedJson('{"a":1,"a":2}'))];
    expect(names).toHaveLength(2);
  });

  test("keeps operators of queries as the documents they are", () => {
    const text =
      '{"name":{"$regex":"^a","$options":"i"},"n":{"$gt":{"$numberInt":"0"}},"$expr":{"$type":"$n"}}';
    expect(canonical(text)).toBe(text);
  });

  test("is read as bson's own reader does, where that can", () => {
    const text = '{"$jsonSchema":{"required":["n"],"properties":{"n":{"minimum":1.5,"enum":[null,true]}}}}';
    expect(
      bsonOfExtendedJson(text).equals(BSON.serialize(EJSON.parse(text, { relaxed: false }) as object)),
    ).toBe(true);
  });

  test.each([
    ["", "a value was expected at character 1"],
    ["[]", "it is no document"],
    ["{", "a name was expected at character 2"],
    ['{"a":1', "} was expected at character 7"],
    ['{"a":1,}', "a name was expected at character 8"],
    ['{"a" 1}', ": was expected at character 6"],
    ['{"a":"b}', "a string was expected at character 6"],
    ['{"a":"\u0001"}', "a string was expected"],
    ['{"a":nul}', "a value was expected at character 6"],
    ['{"a":1} x', "the end was expected at character 9"],
    ['{"a":{"$numberInt":{"b":1}}}', "a value in place of"],
    ['{"a":{"$numberInt":"2147483648"}}', "a value in place of"],
    ['{"a":{"$numberLong":"many"}}', "many"],
    ['{"a":{"$numberDouble":"1,5"}}', "a value in place of"],
    ['{"a":{"$dbPointer":{"$ref":"c","$id":{"$oid":"0123456789abcdef01234567"}}}}', "a value in place of"],
    ['{"a":{"$date":"yesterday"}}', "a value in place of"],
    ['{"a\\u0000":1}', "has a zero in it"],
  ])("that is not right is refused: %s", (text, says) => {
    expect(() => bsonOfExtendedJson(text)).toThrow(saying(says));
  });

  test("that is nested too deep is refused", () => {
    expect(() => bsonOfExtendedJson(`${'{"a":'.repeat(300)}1${"}".repeat(300)}`)).toThrow(
      saying("fewer levels"),
    );
  });
});
