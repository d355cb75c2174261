import { expect, test } from "vitest";
import { creatableDefinition, type LeftBehind } from "../../src/definitions/creatable-definition.ts";
import { documentOf } from "../../src/definitions/definition.ts";
import { lineText } from "../../src/driver/namespaces.ts";

const int = (value: number): string => `{"$numberInt":"${value}"}`;
const ID = `{"v":${int(2)},"key":{"_id":${int(1)}},"name":"_id_"}`;
const A = `{"v":${int(2)},"key":{"a":${int(1)}},"name":"a_1"}`;

function creatable(
  options: string,
  indexes: readonly string[] = [],
  version = "6.0.5",
): { options: string; indexes: string[]; leftBehind: readonly LeftBehind[] } {
  const made = creatableDefinition(
    { options: documentOf(options), indexes: indexes.map(documentOf) },
    version,
  );
  return {
    options: lineText(made.options),
    indexes: made.indexes.map(lineText),
    leftBehind: made.leftBehind,
  };
}
/** An index on `a` with more fields in it. */
const more = (fields: string): string => `${A.slice(0, -1)},${fields}}`;

test("a definition that a server takes is left as it is, to the types of numbers and the order of fields", () => {
  const options =
    '{"validator":{"b":{"$numberLong":"1"},"1":{"$numberDouble":"2.0"}},"collation":{"locale":"de"}}';
  const indexes = [ID, more('"sparse":true,"partialFilterExpression":{"1":true}')];
  expect(creatable(options, indexes)).toEqual({ options, indexes, leftBehind: [] });
});

test("a field of the command itself, or of no server any more, is no option", () => {
  const { options, leftBehind } = creatable(
    `{"create":"other","capped":true,"size":${int(4096)},"flags":${int(1)},"autoIndexId":true,"idIndex":{},"writeConcern":{},"w":${int(1)}}`,
  );
  expect(options).toBe(`{"capped":true,"size":${int(4096)}}`);
  expect(leftBehind).toEqual(
    ["create", "flags", "idIndex", "writeConcern", "w"].map((name) => ({ kind: "option", name })),
  );
  expect(creatable('{"autoIndexId":false}').leftBehind).toEqual([{ kind: "option", name: "autoIndexId" }]);
});

test("settings of a storage engine that is gone stay behind, those of another one do not", () => {
  const both = '{"storageEngine":{"mmapv1":{},"wiredTiger":{"configString":""}}}';
  expect(creatable(both)).toMatchObject({
    options: '{"storageEngine":{"wiredTiger":{"configString":""}}}',
    leftBehind: [{ kind: "option", name: "storageEngine.mmapv1" }],
  });
  expect(creatable('{"storageEngine":{"mmapv1":{}}}').options).toBe("{}");
});

test("what servers of one version take stays behind for those of another", () => {
  expect(creatable('{"recordPreImages":true}', [], "5.0.3").leftBehind).toEqual([]);
  expect(creatable('{"recordPreImages":true}', [], "6.0.5").leftBehind).toEqual([
    { kind: "option", name: "recordPreImages" },
  ]);
  const haystack = `{"v":${int(1)},"key":{"at":"geoHaystack","kind":${int(1)}},"name":"old","bucketSize":${int(1)}}`;
  expect(creatable("{}", [haystack], "4.4.1").indexes).toEqual([haystack]);
  expect(creatable("{}", [haystack])).toMatchObject({
    indexes: [],
    leftBehind: [{ kind: "index", name: "old" }],
  });
});

test("an index loses the options that no server takes, and each is named", () => {
  const { indexes, leftBehind } = creatable("{}", [
    more(`"w":${int(1)},"safe":null,"ns":"d.c","unique":true`),
  ]);
  expect(indexes).toEqual([more('"unique":true')]);
  expect(leftBehind).toEqual([
    { kind: "index-option", name: "w", index: "a_1" },
    { kind: "index-option", name: "safe", index: "a_1" },
  ]);
});

test("an index of version 0 is made in the version that the server makes", () => {
  const old = A.replace(int(2), int(0));
  expect(creatable("{}", [ID.replace(int(2), int(0)), old])).toEqual({
    options: "{}",
    indexes: [`{"key":{"_id":${int(1)}},"name":"_id_"}`, `{"key":{"a":${int(1)}},"name":"a_1"}`],
    leftBehind: [{ kind: "index-option", name: "v", index: "a_1" }],
  });
  const first = A.replace(int(2), int(1));
  expect(creatable("{}", [first]).indexes).toEqual([first]);
});

test.each(["true", "false", "null", '""', int(0), '{"$numberDouble":"NaN"}', "{}", '{"$undefined":true}'])(
  "a key of %s is one of 1, as servers before 3.4 took it",
  (value) => {
    const { indexes, leftBehind } = creatable("{}", [A.replace(`"a":${int(1)}`, `"a":${value}`)]);
    expect([indexes, leftBehind]).toEqual([[A], []]);
  },
);

test.each([int(-1), '{"$numberDouble":"1.0"}', '"2dsphere"', '"hashed"', '"text"', '{"$numberLong":"5"}'])(
  "a key of %s stays",
  (value) => {
    const index = A.replace(`"a":${int(1)}`, `"a":${value}`);
    expect(creatable("{}", [index]).indexes).toEqual([index]);
  },
);

test("an index of a kind that no server has, or on nothing, stays behind", () => {
  expect(
    creatable("{}", [A.replace(`"a":${int(1)}`, '"a":"asc"'), A.replace(`"a":${int(1)}`, "")]),
  ).toMatchObject({
    indexes: [],
    leftBehind: [
      { kind: "index", name: "a_1" },
      { kind: "index", name: "a_1" },
    ],
  });
});

test("a switch may be any value that an old server took for true or false", () => {
  const { indexes } = creatable("{}", [
    more(`"sparse":${int(1)},"unique":null,"background":"yes","hidden":{"$numberDouble":"0.0"}`),
  ]);
  expect(indexes).toEqual([more('"sparse":true,"unique":false,"background":true,"hidden":false')]);
});

test("an expiry that a server refuses stays behind, and the index is made", () => {
  const ttl = (seconds: string, index = A): string =>
    `${index.slice(0, -1)},"expireAfterSeconds":${seconds}}`;
  const left = (index: string): unknown => creatable("{}", [index]).leftBehind;
  for (const seconds of [int(0), int(60), '{"$numberDouble":"60.5"}', '{"$numberLong":"2147483647"}'])
    expect([seconds, left(ttl(seconds))]).toEqual([seconds, []]);
  const isLeft = [{ kind: "index-option", name: "expireAfterSeconds", index: "a_1" }];
  for (const seconds of [int(-1), '{"$numberLong":"2147483648"}', '{"$numberDouble":"NaN"}', '"60"', "null"])
    expect([seconds, left(ttl(seconds))]).toEqual([seconds, isLeft]);
  expect(left(ttl(int(60), A.replace(`"a":${int(1)}`, `"a":${int(1)},"b":${int(1)}`)))).toEqual(isLeft);
});

test("an index without a name gets the one that it would have, and two that have become one are made once", () => {
  const nameless = A.replace(',"name":"a_1"', "");
  expect(creatable("{}", [nameless]).indexes).toEqual([A]);
  const other = A.replace(int(1), "true").replace("a_1", "a_true");
  expect(creatable("{}", [A, other])).toMatchObject({
    indexes: [A],
    leftBehind: [{ kind: "index", name: "a_true" }],
  });
});

test("the index on _id has the fields that come with a collection", () => {
  const odd = `{"v":${int(1)},"unique":true,"key":{"_id":true},"name":"_id_","ns":"d.c","w":${int(1)}}`;
  expect(creatable("{}", [odd])).toEqual({
    options: "{}",
    indexes: [`{"v":${int(1)},"key":{"_id":${int(1)}},"name":"_id_"}`],
    leftBehind: [],
  });
});
