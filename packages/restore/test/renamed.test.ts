import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking, mongodbDatabase, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { restored } from "@firebreak/testing/recipes/restored";

const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking)(`a restore under other names${why}`, () => {
  const name = ownName("renamed");
  let source: Awaited<ReturnType<typeof mongodbDatabase>>;
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;

  beforeAll(async () => {
    source = await mongodbDatabase(name);
    place = await folder();
    const { db } = source;
    await db.collection<{ _id: number }>("a=b").insertMany([{ _id: 1 }, { _id: 2 }]);
    await db.collection<{ _id: number }>("looked_up").insertOne({ _id: 1 });
    await db.createCollection("readings", { timeseries: { timeField: "at" } });
    await db.collection("readings").insertOne({ at: new Date(0) });
    await db.createCollection("view", {
      viewOn: "a=b",
      pipeline: [
        { $lookup: { from: "looked_up", localField: "_id", foreignField: "_id", as: "found" } },
        { $unionWith: { coll: "looked_up", pipeline: [{ $unionWith: "a=b" }] } },
        { $match: { from: { $ne: "looked_up" } } },
      ],
    });
    archive = join(place.path, "archive");
    await well(exported(archive, source.url));
  });
  afterAll(async () => {
    await source[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  test("of a database puts all of it into the other one", async () => {
    await using target = await mongodbDatabase(ownName("renamed_db"));
    const { databaseName } = target.db;
    await well(restored(archive, urlOf("mongodb"), { renames: [`${name}=${databaseName}`] }));
    expect(await target.db.collection("view").countDocuments()).toBe(5);
    expect(await target.db.collection("readings").countDocuments()).toBe(1);
  });

  test("of collections beside what is there takes along the views that are made of them", async () => {
    const before = await source.db.listCollections({}, { nameOnly: true }).toArray();
    const renames = ["a=b", "looked_up", "view", "readings"].map(
      (collection) => `${name}.${collection}=${name}.new.${collection}`,
    );
    await well(restored(archive, urlOf("mongodb"), { renames }));
    const found = source.db.collection("new.view");
    expect(await found.countDocuments()).toBe(5);
    await source.db.collection("new.looked_up").drop();
    expect(await found.countDocuments()).toBe(4);
    expect(await source.db.collection("new.readings").countDocuments()).toBe(1);
    expect((await source.db.listCollections({}, { nameOnly: true }).toArray()).length).toBe(
      before.length + 4,
    );
  });

  test("that would take a view away from what it is made of is refused", async () => {
    const renames = [`${name}.a=b=${ownName("renamed_apart")}.x`];
    const { ending, text } = await restored(archive, urlOf("mongodb"), { renames });
    expect(ending, text).toBe("restore-refused");
    expect(text).toContain(`the view ${name}.view needs ${name}.a=b`);
  });
});
