import { Binary, BSON, BSONRegExp, Decimal128, Double, Int32, Long, Timestamp } from "bson";
import { expect, test } from "vitest";
import { mapOf } from "../../src/driver/bson-map.ts";

test("a document goes through a map and back with its order, its types and its bytes", () => {
  const document = Buffer.from(
    BSON.serialize(
      new Map<string, unknown>([
        ["b", new Int32(1)],
        ["1", new Double(1)],
        ["0", Long.fromNumber(1)],
        [
          "inner",
          new Map([
            [
              "z",
              new Map([
                ["2", null],
                ["1", true],
              ]),
            ],
          ]),
        ],
        [
          "list",
          [
            new Double(2),
            new Map([
              ["9", "x"],
              ["8", "y"],
            ]),
            [Long.fromNumber(3)],
          ],
        ],
        ["regex", new BSONRegExp("^a", "i")],
        ["date", new Date(0)],
        ["timestamp", new Timestamp({ t: 1, i: 2 })],
        ["decimal", Decimal128.fromString("1.10")],
        ["binary", new Binary(Buffer.from("x"), 5)],
        ["$ref", "no reference"],
        ["__proto__", "a name like any other"],
      ]) as never,
    ),
  );
  expect(Buffer.from(BSON.serialize(mapOf(document))).toString("hex")).toBe(document.toString("hex"));
});
