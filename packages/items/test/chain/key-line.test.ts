import { BSON, Int32, Long } from "bson";
import { expect, test } from "vitest";
import { DOCUMENT_KEY, keyLineOf } from "../../src/index.ts";
import { fieldsOf, LineEncoder, toByteText } from "../../../archive/src/index.ts";
import { LineFields } from "@firebreak/archive";

function keyOf(line: string, keyFields: readonly string[] = DOCUMENT_KEY): string | undefined {
  const isRaw = line.startsWith('{"$firebreak"');
  const fields = new LineFields();
  if (!isRaw) fields.read(line, 0, line.length);
  return keyLineOf({ line, fields: isRaw ? fieldsOf([]) : fields }, keyFields);
}

function rawLine(document: Uint8Array): string {
  const encoder = new LineEncoder();
  encoder.encode(Buffer.from(document), 0, document.length);
  return encoder.out.written().toString("latin1").trimEnd();
}

test("of a document it has the _id alone, as the line has it", () => {
  expect(keyOf('{"_id":{"$numberInt":"1"},"a":"x"}')).toBe('{"_id":{"$numberInt":"1"}}');
  expect(keyOf('{"a":"x","_id":{"a":{"$numberInt":"1"},"b":null}}')).toBe(
    '{"_id":{"a":{"$numberInt":"1"},"b":null}}',
  );
  expect(keyOf('{"a":"x"}')).toBeUndefined();
});

test("of a row it has the key's columns in the key's order", () => {
  const line = toByteText('{"b":"é","a":{"$numberLong":"7"},"c":null}');
  expect(keyOf(line, ["a", "b"])).toBe(toByteText('{"a":{"$numberLong":"7"},"b":"é"}'));
  expect(keyOf(line, ["a", "d"])).toBeUndefined();
});

test("names of columns may be of any language", () => {
  const line = toByteText('{"größe":{"$numberInt":"1"},"键":"值"}');
  expect(keyOf(line, ["键"])).toBe(toByteText('{"键":"值"}'));
  expect(keyOf(rawLine(BSON.serialize({ 键: "值", odd: { $oid: "no id" } })), ["键"])).toBe(
    toByteText('{"键":"值"}'),
  );
});

test("a document that only a raw line can say has the key line that it would have otherwise", () => {
  const plain = BSON.serialize({ _id: Long.fromNumber(5), odd: { $oid: "no id" } });
  expect(keyOf(rawLine(plain))).toBe('{"_id":{"$numberLong":"5"}}');
});

test("a key that text cannot say has a raw key line, the same of whatever document", () => {
  const one = keyOf(rawLine(BSON.serialize({ _id: { $date: 1 }, a: new Int32(1) })));
  expect(one).toMatch(/^\{"\$firebreak"/);
  expect(keyOf(rawLine(BSON.serialize({ b: "x", _id: { $date: 1 } })))).toBe(one);
});
