import fc from "fast-check";
import { leaf, oddLeaf, oddText, text, withoutZeros, type Value } from "./any-value.ts";
import { documentOf, element, int32, stringOf } from "./bson-bytes.ts";

type Field = readonly [name: Buffer, value: Value];

/** Few names, so that the same order comes again, and one begins as another does. */
const name = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("a", "b", "ab", "abc", "名", "_id", '"').map((n) => Buffer.from(n)),
  },
  { weight: 2, arbitrary: text.map(withoutZeros).filter((n) => n[0] !== 0x24) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom("", "0", "1", "10", "__proto__", "$ref", "$id", "$db", "$x", "a.b", "n".repeat(300))
      .map((n) => Buffer.from(n)),
  },
);

const oddName = fc.oneof(
  name,
  oddText.map(withoutZeros),
  fc
    .constantFrom("$oid", "$numberInt", "$numberDouble", "$date", "$code", "$scope", "$binary", "$firebreak")
    .map((n) => Buffer.from(n)),
);

const { value, document } = fc.letrec<{ value: Value; document: Buffer }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    { weight: 12, arbitrary: leaf },
    { weight: 3, arbitrary: tie("document").map((bytes) => ({ type: 0x03, bytes })) },
    { weight: 3, arbitrary: fc.array(tie("value"), { maxLength: 12 }).map((values) => arrayOf(values)) },
    { weight: 1, arbitrary: fc.tuple(text, tie("document")).map(([code, scope]) => codeOf(code, scope)) },
  ),
  document: fc
    .uniqueArray(fc.tuple(name, tie("value")), { maxLength: 8, selector: ([n]) => n.toString("latin1") })
    .map(fieldsOf),
}));

/** A sound document with one field that is odd, or comes twice, somewhere in it. */
const odd = fc
  .tuple(
    fc.array(fc.tuple(name, value), { maxLength: 4 }),
    fc.oneof(fc.tuple(name, oddLeaf), fc.tuple(oddName, value)),
    fc.nat(),
    fc.array(fc.constantFrom<"document" | "array" | "scope">("document", "array", "scope"), { maxLength: 3 }),
  )
  .map(([fields, field, at, around]) => {
    let bytes = fieldsOf(fields.toSpliced(at % (fields.length + 1), 0, field));
    for (const kind of around) {
      const inner: Value = { type: 0x03, bytes };
      if (kind === "document") bytes = fieldsOf([[Buffer.from("in"), inner]]);
      else if (kind === "array") bytes = fieldsOf([[Buffer.from("in"), arrayOf([inner, inner])]]);
      else bytes = fieldsOf([[Buffer.from("in"), codeOf(Buffer.from("f()"), bytes)]]);
    }
    return bytes;
  });

const oddArray = fc
  .array(fc.tuple(fc.nat(12), value), { maxLength: 4 })
  .map((values) => ({
    type: 0x04,
    bytes: documentOf(values.map(([i, v]) => element(v.type, String(i), v.bytes))),
  }))
  .map((array) => fieldsOf([[Buffer.from("a"), array]]));

const spoilt = fc
  .tuple(document, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }))
  .map(([bytes, changes]) => {
    for (const [at, byte] of changes) bytes[4 + (at % (bytes.length - 4))] = byte;
    return bytes;
  });

/** Documents that text can say: all types, hostile names, texts and numbers. */
export const plainDocument: fc.Arbitrary<Buffer> = document;

/** Any bytes that are as long as they say, as a dump may hold them; half of them are documents that text can say. */
export const anyDocument: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 10, arbitrary: document },
  { weight: 6, arbitrary: odd },
  { weight: 2, arbitrary: oddArray },
  { weight: 2, arbitrary: spoilt },
);

function fieldsOf(fields: readonly Field[]): Buffer {
  return documentOf(fields.map(([n, v]) => element(v.type, n, v.bytes)));
}

function arrayOf(values: readonly Value[]): Value {
  return { type: 0x04, bytes: documentOf(values.map((v, i) => element(v.type, String(i), v.bytes))) };
}

function codeOf(code: Buffer, scope: Buffer): Value {
  const body = Buffer.concat([stringOf(code), scope]);
  return { type: 0x0f, bytes: Buffer.concat([int32(body.length + 4), body]) };
}
