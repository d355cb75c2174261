import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";

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
    await mustEndWell(["export", "--archive", archive], { mongodbUrl: source.url });
  });
  afterAll(async () => {
    await source[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  test("of a database puts all of it into the other one", async () => {
    await using target = await mongodbDatabase(ownName("renamed_db"));
    const { databaseName } = target.db;
    await mustEndWell(["restore", "--archive", archive, "--rename", `${name}=${databaseName}`], {
      mongodbUrl: urlOf("mongodb"),
    });
    expect(await target.db.collection("view").countDocuments()).toBe(5);
    expect(await target.db.collection("readings").countDocuments()).toBe(1);
  });

  test("of collections beside what is there takes along the views that are made of them", async () => {
    const before = await source.db.listCollections({}, { nameOnly: true }).toArray();
    const args = ["a=b", "looked_up", "view", "readings"].flatMap((collection) => [
      "--rename",
      `${name}.${collection}=${name}.new.${collection}`,
    ]);
    await mustEndWell(["restore", "--archive", archive, ...args], { mongodbUrl: urlOf("mongodb") });
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
    const args = ["--rename", `${name}.a=b=${ownName("renamed_apart")}.x`];
    const { exitCode, stderr } = await firebreak(["restore", "--archive", archive, ...args], {
      mongodbUrl: urlOf("mongodb"),
    });
    expect(exitCode).toBe(6);
    expect(stderr).toContain(`the view ${name}.view needs ${name}.a=b`);
  });
});
