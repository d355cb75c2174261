import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rewriteArchive } from "@firebreak/testing/archives/rewrite-archive";
import { well } from "@firebreak/testing/recipes/outcome";
import { copyOf, folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { restored } from "@firebreak/testing/recipes/restored";
import { join } from "node:path";

const { isLacking, why } = lacking("mongodb", "standalone");
describe.skipIf(isLacking)(`an archive that the server does not take${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let whole: string;

  beforeAll(async () => {
    place = await folder();
    whole = await makeArchive(place.path, {
      database: ownName("not_taken"),
      collections: { c: Array.from({ length: 5 }, (_, _id) => ({ _id, unique: _id })) },
      isTransformed: false,
    });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  test("because of an option that it does not understand is refused before what is there is dropped", async () => {
    await using target = await mongodbDatabase(ownName("not_taken_option"), "standalone");
    await target.db.collection("c").insertOne({ mine: true });
    const archive = await copyOf(whole, place.path);
    await rewriteArchive(archive, (text) =>
      text.replace('"options":{}', '"options":{"validator":{"$fromTheFuture":{"$numberInt":"1"}}}'),
    );
    const { ending, text } = await restored(archive, target.url, { isDropping: true });
    expect(ending, text).toBe("collection-refused");
    expect(text).toMatch(/does not create .*\.c as the archive describes it: .*fromTheFuture/);
    expect(await target.db.collection("c").countDocuments({ mine: true })).toBe(1);
    const names = (await target.db.listCollections({}, { nameOnly: true }).toArray()).map((c) => c.name);
    expect(names.filter((name) => name !== "firebreak_ledger")).toEqual(["c"]);
  });

  test("because of a unique index that its documents break: they are in, and that is said", async () => {
    await using target = await mongodbDatabase(ownName("not_taken_index"), "standalone");
    const archive = await copyOf(whole, place.path);
    const index = '{"v":{"$numberInt":"2"},"key":{"unique":{"$numberInt":"1"}},"name":"u","unique":true}';
    await rewriteArchive(archive, (text, file) =>
      file.endsWith("collection.json")
        ? text.replace(/\]\}\n$/, `,\n${index}]}\n`)
        : text.replaceAll(/"unique":\{[^}]*\}/g, '"unique":null'),
    );
    for (let run = 0; run < 2; run++) {
      const { ending, text } = await restored(archive, target.url);
      expect(ending, text).toBe("indexes-refused");
      expect(text).toMatch(/All documents of .*\.c are in and proved.*E11000/);
    }
    await target.db.collection("c").updateMany({}, [{ $set: { unique: "$_id" } }]);
    const mended = await restored(archive, target.url);
    expect(mended.ending, mended.text).toBe("well");
  });

  test("because documents of a time-series collection are no buckets is refused, and it stays readable", async () => {
    await using source = await mongodbDatabase(ownName("not_taken_flat"));
    await source.db.createCollection("readings", { timeseries: { timeField: "at" } });
    await source.db.collection("readings").insertOne({ at: new Date(0) });
    const archive = join(place.path, "flat");
    await well(exported(archive, source.url));
    await rewriteArchive(archive, (text, file) =>
      file.endsWith("collection.json")
        ? text
        : '{"_id":{"$oid":"0102030405060708090a0b0c"},"at":{"$date":{"$numberLong":"0"}}}\n',
    );
    await using target = await mongodbDatabase(ownName("not_taken_flat"), "standalone");
    const { ending, text } = await restored(archive, target.url);
    expect(ending, text).toBe("documents-refused");
    expect(text).toMatch(/refused 1 document of .*readings.*failed validation/);
    expect(await target.db.collection("readings").countDocuments()).toBe(0);
  });
});
