import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldsOf, toByteText } from "@firebreak/archive";
import { emptySurvey, mergeSurvey, takeField, type Survey } from "../src/survey.ts";

function takeText(survey: Survey, name: string, text: string): void {
  takeField(survey, name, fieldsOf([{ name, text: toByteText(text) }]), 0);
}

function surveyOf(texts: readonly string[]): Survey {
  const survey = emptySurvey();
  for (const text of texts) takeText(survey, "f", text);
  return survey;
}

test.each([
  ["null", "null"],
  ["boolean", "false"],
  ["string", '"{\\"$oid\\":1}"'],
  ["int32", '{"$numberInt":"1"}'],
  ["int64", '{"$numberLong":"1"}'],
  ["double", '{"$numberDouble":"1.0"}'],
  ["decimal", '{"$numberDecimal":"1"}'],
  ["date", '{"$date":{"$numberLong":"1"}}'],
  ["objectId", '{"$oid":"000000000000000000000000"}'],
  ["binary", '{"$binary":{"base64":"AA==","subType":"00"}}'],
  ["binary", '{"$binary":{"base64":"AA==","subType":"05"}}'],
  ["array", "[]"],
  ["document", "{}"],
  ["document", '{"$ref":"c"}'],
  ["timestamp", '{"$timestamp":{"t":1,"i":2}}'],
  ["regularExpression", '{"$regularExpression":{"pattern":"a","options":""}}'],
  ["code", '{"$code":"x"}'],
  ["symbol", '{"$symbol":"x"}'],
  ["dbPointer", '{"$dbPointer":{"$ref":"c","$id":{"$oid":"000000000000000000000000"}}}'],
  ["minKey", '{"$minKey":1}'],
  ["maxKey", '{"$maxKey":1}'],
  ["undefined", '{"$undefined":true}'],
])("a value of kind %s is counted as that: %s", (kind, text) => {
  expect(surveyOf([text]).fields.get("f")).toMatchObject({ documents: 1, kinds: { [kind]: 1 } });
});

test("strings have the lengths that people count, whatever escapes and surrogates their text needs", () => {
  const strings = fc.array(fc.string({ unit: "binary", maxLength: 40 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(strings, (values) => {
      const lengths = values.map((v) => [...v].length);
      expect(surveyOf(values.map((v) => JSON.stringify(v))).fields.get("f")?.characters).toEqual({
        least: Math.min(...lengths),
        most: Math.max(...lengths),
      });
    }),
  );
});

test("binaries have the lengths of their bytes", () => {
  const binary = (bytes: number): string =>
    `{"$binary":{"base64":"${Buffer.alloc(bytes).toString("base64")}","subType":"00"}}`;
  expect(surveyOf([binary(5), binary(0), binary(7)]).fields.get("f")?.bytes).toEqual({ least: 0, most: 7 });
});

test("dates and the moments in ObjectIds make one span of time, before 1970 and after 2038 too", () => {
  const texts = [
    '{"$date":{"$numberLong":"-5"}}',
    '{"$oid":"ffffffff0000000000000000"}',
    '{"$oid":"000000010000000000000000"}',
  ];
  expect(surveyOf(texts).fields.get("f")?.times).toEqual({ least: -5, most: 0xffffffff * 1000 });
});

test("parts add up to what one survey of all would say", () => {
  const value = fc.constantFrom("null", '"a"', '"abc"', '{"$date":{"$numberLong":"9"}}', "[]");
  const field = fc.tuple(fc.constantFrom("a", "b", "c"), value);
  fc.assert(
    fc.property(fc.array(fc.array(field)), (parts) => {
      const whole = emptySurvey();
      const merged = emptySurvey();
      for (const part of parts) {
        const own = emptySurvey();
        for (const [name, text] of part) {
          takeText(whole, name, text);
          takeText(own, name, text);
        }
        mergeSurvey(merged, own);
      }
      expect(merged).toEqual(whole);
    }),
  );
});

test("millions of names do not fill the memory: the first ones are kept, the rest counted", () => {
  const survey = emptySurvey();
  for (let i = 0; i < 5003; i++) takeText(survey, `name${i}`, "null");
  takeText(survey, "name1", "null");
  expect(survey.fields.size).toBe(5000);
  expect(survey).toMatchObject({ furtherValues: 3 });
  expect(survey.fields.get("name1")?.documents).toBe(2);
  const both = emptySurvey();
  takeText(both, "other", "null");
  mergeSurvey(both, survey);
  expect(both.fields.size).toBe(5000);
  expect(both.furtherValues).toBe(4);
});
