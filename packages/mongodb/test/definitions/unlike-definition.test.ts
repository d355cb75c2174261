import { expect, test } from "vitest";
import { documentOf } from "../../src/definitions/definition.ts";
import type { Namespace } from "../../src/driver/namespaces.ts";
import { unlikeDefinition, type Unlikeness } from "../../src/definitions/unlike-definition.ts";

const ID = '{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_"}';
const NAME = '{"v":{"$numberInt":"2"},"key":{"name":{"$numberInt":"1"}},"name":"by_name"}';
const VALIDATOR = '{"validator":{"$jsonSchema":{"description":"x"}},"validationLevel":"off"}';

function compare(
  [options, ...indexes]: readonly string[],
  [foundOptions = "{}", ...foundIndexes]: readonly string[],
  kind: Namespace["kind"] = "collection",
): Unlikeness[] {
  const place = { namespace: "d.c", database: "d", collection: "c" };
  return unlikeDefinition(
    { ...place, kind: "collection", options: documentOf(options!), indexes: indexes.map(documentOf) },
    { ...place, kind, storedIn: "c", optionsText: foundOptions, indexTexts: foundIndexes, hasIdOrder: true },
  );
}

test("what servers add to a definition by themselves is no difference, whatever its order", () => {
  const asListed =
    '{"validationAction":"error","validator":{"$jsonSchema":{"description":"x"}},"validationLevel":"off"}';
  expect(compare([VALIDATOR, ID, NAME], [asListed, NAME, ID])).toEqual([]);
  expect(compare(["{}"], ["{}", ID])).toEqual([]);
  const without = '{"key":{"name":{"$numberInt":"1"}},"name":"by_name"}';
  expect(compare(["{}", without], ["{}", ID, NAME])).toEqual([]);
});

test("other options, kinds and indexes are told apart", () => {
  expect(compare(["{}"], ['{"collation":{"locale":"de"}}'])).toEqual([
    { what: "options", expected: "{}", found: '{"collation":{"locale":"de"}}' },
  ]);
  expect(compare(["{}"], ["{}"], "view")).toEqual([{ what: "kind", expected: "collection", found: "view" }]);
  expect(compare(["{}", NAME], ["{}", ID])).toEqual([
    { what: "index-missing", name: '"by_name"', expected: NAME },
  ]);
  expect(compare(["{}"], ["{}", ID, NAME])).toEqual([
    { what: "index-extra", name: '"by_name"', found: NAME },
  ]);
});

test("an index of the same name or of the same key, but with other options, is another one", () => {
  const made = `${NAME.slice(0, -1)},"unique":true}`;
  expect(compare(["{}", NAME], ["{}", made])).toMatchObject([{ what: "index", name: '"by_name"' }]);
  expect(compare(["{}", NAME], ["{}", NAME.replace("by_name", "name_1")])).toMatchObject([{ what: "index" }]);
});

test("a validator that differs, and nothing else, is told as that", () => {
  expect(compare([VALIDATOR], ["{}"])).toMatchObject([{ what: "validation" }]);
  expect(compare(["{}"], ['{"validationLevel":"off"}'])).toMatchObject([{ what: "validation" }]);
  expect(compare([VALIDATOR], ['{"capped":true}'])).toMatchObject([{ what: "options" }]);
});
