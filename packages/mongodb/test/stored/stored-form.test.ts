import { LineBuffer } from "@firebreak/archive";
import { BSON, Int32 } from "mongodb";
import { expect, test } from "vitest";
import { putInStoredForm, type StoredChange } from "../../src/stored/stored-form.ts";

const place = { part: { plainSha256: "ab" }, line: 7 };

function stored(bytes: Uint8Array, at = place): { change: StoredChange | undefined; document: Buffer } {
  const out = new LineBuffer();
  // Something else is in front of it.
  out.put(Buffer.from("before"));
  const start = out.at;
  out.put(bytes);
  const change = putInStoredForm(out, start, at);
  expect(out.bytes.toString("latin1", 0, start)).toBe("before");
  return { change, document: Buffer.from(out.bytes.subarray(start, out.at)) };
}
const bson = (fields: readonly (readonly [string, unknown])[]): Uint8Array => BSON.serialize(new Map(fields));

test("a document that begins with _id is as it was", () => {
  for (const fields of [
    [["_id", 1]],
    [
      ["_id", null],
      ["a", 1],
    ],
  ] as const) {
    const { change, document } = stored(bson(fields));
    expect([change, document]).toEqual([undefined, Buffer.from(bson(fields))]);
  }
});

test("an _id that is not in front goes there, and all else keeps its order and bytes", () => {
  const before = bson([
    ["1", "x"],
    ["_idx", 2],
    ["nested", new Map([["_id", 3]])],
    ["_id", "長い"],
    ["after", new Int32(4)],
  ]);
  const { change, document } = stored(before);
  expect(change).toBe("id-moved");
  expect(document).toEqual(
    Buffer.from(
      bson([
        ["_id", "長い"],
        ["1", "x"],
        ["_idx", 2],
        ["nested", new Map([["_id", 3]])],
        ["after", new Int32(4)],
      ]),
    ),
  );
});

test("a document without _id gets one that is made of its place, the same each time", () => {
  const before = bson([["a", 1]]);
  const first = stored(before);
  expect(first.change).toBe("id-made");
  const { _id, ...rest } = BSON.deserialize(first.document);
  expect([_id, rest]).toEqual([expect.any(BSON.ObjectId), { a: 1 }]);
  expect(Object.keys(BSON.deserialize(first.document))).toEqual(["_id", "a"]);
  expect(stored(before).document).toEqual(first.document);
  for (const other of [
    { ...place, line: 8 },
    { ...place, part: { plainSha256: "cd" } },
  ])
    expect(stored(before, other).document).not.toEqual(first.document);
  expect(stored(bson([])).document).toHaveLength(22);
});

test("what is no BSON is left to the server to refuse", () => {
  const broken = Buffer.from([12, 0, 0, 0, 0x10, 0x61, 0, 1, 0, 0, 0, 1]);
  expect(stored(broken)).toEqual({ change: undefined, document: broken });
});
