import { BSON, Int32, Long, Timestamp, UUID, type Document } from "bson";
import { describe, expect, test } from "vitest";
import { saying, worded } from "@firebreak/testing/command-line/worded";
import { OplogChanges } from "../../src/index.ts";

const SESSION = { id: new UUID("3c1b0a52-7a54-4a53-8d5c-3f1f7a1f7b10") };

function reader(): OplogChanges {
  return new OplogChanges({
    path: "dump/oplog.bson",
    isWanted: (database, collection) => database === "shop" && !/^(?:tmp|system\.)/.test(collection),
    namespaces: new Set(["shop.goods", "shop.series"]),
  });
}

let second = 100;
function entry(op: string, ns: string, o: Document, more: Document = {}): Buffer {
  return Buffer.from(
    BSON.serialize({ op, ns, o, ...more, ts: new Timestamp({ t: second++, i: 1 }), v: new Long(2) }),
  );
}

const insert = (id: number, ns = "shop.goods"): Document => ({ op: "i", ns, o: { _id: new Int32(id) } });
const transaction = (operations: Document[], more: Document, entryMore: Document = {}): Buffer =>
  entry(
    "c",
    "admin.$cmd",
    { applyOps: operations, ...more },
    {
      lsid: SESSION,
      txnNumber: new Long(1),
      prevOpTime: { ts: new Timestamp({ t: 0, i: 0 }), t: new Long(-1) },
      ...entryMore,
    },
  );
const LATER = { prevOpTime: { ts: new Timestamp({ t: 9, i: 9 }), t: new Long(1) } };

/** The namespace and `_id` of each change. */
function changesOf(changes: OplogChanges, bytes: Buffer): unknown[] {
  return changes.of(bytes).map((c) => {
    const { o } = BSON.deserialize(c.bytes);
    return [c.namespace, o["_id"]];
  });
}

describe("the changes that an oplog has", () => {
  test("are those of documents that are wanted, with the time of the last entry", () => {
    const changes = reader();
    second = 500;
    expect(changesOf(changes, entry("i", "shop.goods", { _id: 1 }))).toEqual([["shop.goods", 1]]);
    expect(changesOf(changes, entry("d", "shop.goods", { _id: 2 }))).toEqual([["shop.goods", 2]]);
    expect(changesOf(changes, entry("i", "shop.tmp1", { _id: 3 }))).toEqual([]);
    expect(changesOf(changes, entry("u", "config.transactions", { _id: 4 }))).toEqual([]);
    expect(changesOf(changes, entry("n", "", { msg: "periodic noop" }))).toEqual([]);
    expect([changes.time, changes.entryCount]).toEqual(["504,1", 5]);
  });

  test("of buckets are those of the time-series collection", () => {
    const bytes = entry("i", "shop.system.buckets.series", { _id: 1 });
    expect(changesOf(reader(), bytes)).toEqual([["shop.series", 1]]);
  });

  test("of a transaction come when it is committed, those of one that is not never", () => {
    const changes = reader();
    expect(changesOf(changes, transaction([insert(1), insert(2)], {}))).toEqual([
      ["shop.goods", 1],
      ["shop.goods", 2],
    ]);
    expect(changesOf(changes, transaction([insert(3)], { partialTxn: true }))).toEqual([]);
    expect(changesOf(changes, transaction([insert(4)], { partialTxn: true }, LATER))).toEqual([]);
    expect(changesOf(changes, entry("i", "shop.goods", { _id: 9 }))).toEqual([["shop.goods", 9]]);
    expect(changesOf(changes, transaction([insert(5)], {}, LATER))).toEqual(
      [3, 4, 5].map((id) => ["shop.goods", id]),
    );

    expect(changesOf(changes, transaction([insert(6)], { prepare: true }))).toEqual([]);
    const commit = entry(
      "c",
      "admin.$cmd",
      { commitTransaction: 1 },
      { lsid: SESSION, txnNumber: new Long(1) },
    );
    expect(changesOf(changes, commit)).toEqual([["shop.goods", 6]]);

    expect(changesOf(changes, transaction([insert(7)], { partialTxn: true }))).toEqual([]);
    const abort = entry(
      "c",
      "admin.$cmd",
      { abortTransaction: 1 },
      { lsid: SESSION, txnNumber: new Long(1) },
    );
    expect(changesOf(changes, abort)).toEqual([]);
    expect(() => changes.of(commit)).toThrow(saying("began before the oplog does"));
  });

  test("of retryable writes that share an entry, and of the command applyOps, come at once", () => {
    const several = transaction([insert(1)], {}, { ...LATER, multiOpType: new Int32(1) });
    expect(changesOf(reader(), several)).toEqual([["shop.goods", 1]]);
    const command = entry("c", "admin.$cmd", { applyOps: [insert(2)] });
    expect(changesOf(reader(), command)).toEqual([["shop.goods", 2]]);
  });

  test.each([
    [{ create: "tmp1" }],
    [{ drop: "tmp1" }],
    [{ startIndexBuild: "goods" }],
    [{ dbCheck: "shop.goods" }],
  ])("are none where a command is about none of them: %o", (o) => {
    expect(changesOf(reader(), entry("c", "shop.$cmd", o))).toEqual([]);
  });

  test("are none where another database is dropped, or a view made that is not wanted", () => {
    expect(changesOf(reader(), entry("c", "other.$cmd", { dropDatabase: 1 }))).toEqual([]);
    expect(
      changesOf(reader(), entry("i", "shop.system.views", { _id: "shop.tmp_view", viewOn: "goods" })),
    ).toEqual([]);
    expect(changesOf(reader(), entry("c", "shop.$cmd", { create: "system.views" }))).toEqual([]);
  });
});

describe("an entry that cannot be followed is named, and why", () => {
  const shop = "shop.$cmd";
  test.each([
    ["c", shop, { create: "new" }, "create"],
    ["c", shop, { drop: "goods" }, "drop"],
    ["c", shop, { renameCollection: "shop.tmp1", to: "shop.goods" }, "renameCollection"],
    ["c", shop, { renameCollection: "shop.goods", to: "shop.tmp1" }, "renameCollection"],
    ["c", shop, { dropDatabase: 1 }, "dropDatabase"],
    ["c", shop, { collMod: "goods" }, "collMod"],
    ["c", shop, { createIndexes: "goods" }, "createIndexes"],
    ["c", shop, { commitIndexBuild: "goods" }, "commitIndexBuild"],
    ["c", shop, { dropIndexes: "goods" }, "dropIndexes"],
    ["c", shop, { convertToCapped: "goods" }, "convertToCapped"],
    ["c", shop, { inventedTomorrow: { of: 1 } }, "inventedTomorrow"],
    ["c", shop, {}, "a command without a name"],
    ["i", "shop.system.views", { _id: "shop.view", viewOn: "goods" }, "a view was made, changed or dropped"],
    ["i", "shop.unknown", { _id: 1 }, "the dump does not have shop.unknown"],
    ["xi", "shop.goods", { _id: 1 }, 'the operation "xi" is not known'],
  ])("%s %s %o", (op, ns, o, reason) => {
    second = 700;
    expect(() => reader().of(entry(op, ns, o))).toThrow(
      expect.objectContaining({
        code: "oplog-entry",
        exitCode: 6,
        fields: expect.objectContaining({
          path: "dump/oplog.bson",
          time: "700,1",
          entry: expect.stringContaining(`${op} ${ns}`),
          reason: worded(expect.stringContaining(reason)),
        }),
      }),
    );
  });

  test("within a transaction too", () => {
    const create = { op: "c", ns: shop, o: { create: "new" } };
    expect(() => reader().of(transaction([insert(1), create], {}))).toThrow("create");
  });

  test("also a transaction whose beginning is not there, a version that is not known, and what is no entry", () => {
    expect(() => reader().of(transaction([insert(1)], {}, LATER))).toThrow(
      saying("began before the oplog does"),
    );
    const later = Buffer.from(BSON.serialize({ v: new Int32(3), op: "i", ns: "shop.goods", o: { _id: 1 } }));
    expect(() => reader().of(later)).toThrow(saying("version 3"));
    expect(() => reader().of(Buffer.from(BSON.serialize({ a: 1 })))).toThrow(saying("no entry of an oplog"));
    expect(() => reader().of(Buffer.from("0500000001", "hex"))).toThrow(
      expect.objectContaining({ code: "oplog-entry" }),
    );
  });
});
