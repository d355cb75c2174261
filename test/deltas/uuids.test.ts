import { Binary } from "bson";
import type { Document } from "mongodb";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName, sqlDatabase } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";

const uuid = (n: number, subType = 4): Binary =>
  new Binary(Buffer.from(String(n).padStart(32, "0"), "hex"), subType);

const orders = (n: number): Document => ({ _id: uuid(n), customer: uuid(n % 10), legacy: uuid(n, 3) });

const { isLacking, why } = lacking("mongodb", "mysql");

test.skipIf(isLacking)(
  `UUIDs are joined in MySQL, changed by a delta, and are what they were back in MongoDB${why}`,
  async () => {
    await using place = await folder();
    await using source = await mongodbDatabase(ownName("uuids"));
    await using target = await sqlDatabase("mysql", ownName("uuids"));
    await using back = await mongodbDatabase(ownName("uuids_back"));
    const at = (name: string): string => join(place.path, name);
    const urls = { mongodbUrl: source.url, mysqlUrl: target.url };
    const db = source.db.collection("orders");
    await db.insertMany(Array.from({ length: 200 }, (_, n) => orders(n)));
    await db.createIndex({ customer: 1 });

    await mustEndWell(["export", "--archive", at("full")], urls);
    await mustEndWell(["load", "--archive", at("full")], urls);
    const joined = "SELECT COUNT(*) FROM orders o JOIN orders c ON o.customer = c._id";
    expect(await target.value(joined)).toBe("200");

    await db.updateMany({ _id: { $in: [uuid(1), uuid(2)] } as never }, { $set: { customer: uuid(7, 3) } });
    await db.deleteOne({ _id: uuid(3) as never });
    await db.insertMany([orders(500), { _id: uuid(1, 3) as never }]);
    const delta = ["--archive", at("delta")];
    await mustEndWell(["export", ...delta, "--delta-from", at("full")], urls);
    // A key of the other subtype has no place in the key column.
    for (const step of ["transform", "load", "checksum"])
      expect(await firebreak([step, ...delta], urls)).toMatchObject({ exitCode: 3 });
    // Two have a customer of the other subtype, one is gone with the customer of 19 others, one is new.
    expect(await target.value(joined)).toBe("179");

    const rows = ["--archive", at("rows")];
    await mustEndWell(["export", "--source", "mysql", "--include", `${target.name}.orders`, ...rows], urls);
    await mustEndWell(["load", "--to", "mongodb", ...rows], { mongodbUrl: back.url });
    const all = { sort: { _id: 1 }, promoteValues: false } as const;
    const expected = await db.find({ _id: { $ne: uuid(1, 3) as never } }, all).toArray();
    expect(await back.db.collection("orders").find({}, all).toArray()).toEqual(expected);
  },
);
