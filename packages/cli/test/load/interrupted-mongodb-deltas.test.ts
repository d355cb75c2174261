import { join } from "node:path";
import { Int32, type Document } from "bson";
import type { Db } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readMongodbManifest } from "../../../archive/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { killedAt, mustEndWell, start } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";
import { deltaArchive } from "@firebreak/testing/deltas/delta-archive";
import { documentsArchive } from "@firebreak/testing/archives/documents-archive";

const KILLS = Number(process.env["FIREBREAK_KILLS"] ?? 2);
const DOCUMENT_COUNT = 6000;
const DOCUMENTS_A_PART = 200;
const OF_DELTA = { "_id.link": { $exists: true } };

const row = (id: number, text: string): Document => ({ _id: new Int32(id), text: `${text} ${id}` });

/** Every third document is other, every fifth is gone, and some are new. */
const before = Array.from({ length: DOCUMENT_COUNT }, (_, id) => row(id, "first"));
const after = [
  ...before
    .filter((_, id) => id % 5 !== 0)
    .map((d) => (Number(d["_id"]) % 3 === 0 ? row(Number(d["_id"]), "second") : d)),
  ...Array.from({ length: 500 }, (_, i) => row(DOCUMENT_COUNT + i, "new")),
];
const few = before.slice(0, 50);
const others = Array.from({ length: 900 }, (_, id) => row(id, "other"));

const { isLacking, why } = lacking("mongodb", "standalone");
describe.skipIf(isLacking)(`a delta for MongoDB that was cut off${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let [full, delta] = ["", ""];
  beforeAll(async () => {
    place = await folder();
    [full, delta] = [join(place.path, "full"), join(place.path, "delta")];
    const documentsAPart = DOCUMENTS_A_PART;
    await documentsArchive(full, "cut", {
      rows: { documents: before },
      whole: { documents: few },
      gone: { documents: few },
    });
    await deltaArchive(delta, full, "cut", {
      rows: { before, after, documentsAPart },
      whole: { before: few, after: others, isWhole: true, documentsAPart },
      gone: { before: few },
      fresh: { after: others, documentsAPart },
    });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  const marks = (db: Db): Promise<number> => db.collection("firebreak_ledger").countDocuments(OF_DELTA);

  /** By a plain driver. */
  async function expectExact(db: Db): Promise<void> {
    const found = async (name: string): Promise<unknown[]> =>
      (await db.collection(name).find().sort({ _id: 1 }).toArray()).map((d) => [d._id, d["text"] as string]);
    const wanted = (documents: readonly Document[]): unknown[] =>
      documents.map((d) => [Number(d["_id"]), d["text"] as string]);
    expect(await found("rows")).toEqual(wanted(after));
    expect(await found("whole")).toEqual(wanted(others));
    expect(await found("fresh")).toEqual(wanted(others));
    expect(await db.listCollections({ name: "gone" }).toArray()).toEqual([]);
  }

  for (const server of ["mongodb", "standalone"] as const)
    test(
      `${KILLS} times by kill -9 and run again, is exact on a ${server}`,
      async () => {
        await using target = await mongodbDatabase(ownName("cutdelta"), server);
        const { db, url } = target;
        await mustEndWell(["load", "--archive", full], { mongodbUrl: url });
        const { manifest } = await readMongodbManifest(join(delta, "mongodb"));
        const partCount = manifest.collections.flatMap((c) => [...c.parts, ...(c.keys ?? [])]).length;
        for (let kill = 1; kill <= KILLS; kill++) {
          const share = Math.floor(((partCount - 1) * (kill - 1 + Math.random())) / KILLS);
          const wanted = Math.max(await marks(db), share);
          const run = start(["load", "--archive", delta], { mongodbUrl: url });
          await until(`${wanted} parts in the ledger`, async () => (await marks(db)) >= wanted);
          run.kill("SIGKILL");
          expect((await run).signal).toBe("SIGKILL");
        }
        await mustEndWell(["load", "--archive", delta], { mongodbUrl: url });
        await expectExact(db);
      },
      (KILLS + 2) * 30_000,
    );

  test("at every step of its load and run again, is exact on a standalone", async () => {
    await using target = await mongodbDatabase(ownName("cutdelta_point"), "standalone");
    const { db, url: mongodbUrl } = target;
    await mustEndWell(["load", "--archive", full], { mongodbUrl });
    const args = ["load", "--archive", delta, "--jobs", "1"];
    // Each in the run after the one before.
    for (const point of [
      "link-begun:1",
      "collection-begun:1",
      "collection-begun:3",
      "documents-deleted:1",
      "documents-deleted:2",
      "documents-inserted:1",
      "documents-inserted:2",
      "collections-proved:1",
    ])
      await killedAt(point, args, { mongodbUrl });
    await mustEndWell(args, { mongodbUrl });
    await expectExact(db);
  });

  test("in the middle of a part, puts in what is missing and gives way to what is other", async () => {
    await using target = await mongodbDatabase(ownName("cutdelta_part"), "standalone");
    const { db, url } = target;
    for (const archive of [full, delta])
      await mustEndWell(["load", "--archive", archive], { mongodbUrl: url });
    const ledger = db.collection<{ _id: Document; links?: string[] }>("firebreak_ledger");
    const chain = await ledger.findOne({ "_id.chain": { $exists: true } });
    const [base = "", archive] = chain!.links!;
    await ledger.updateOne({ _id: chain!._id }, {
      $set: { links: [base], begun: { archive, number: 1 } },
    } as object);
    await ledger.updateMany(
      { "_id.load": { $in: ["rows", "whole"] }, state: "proved" },
      { $set: { state: "begun" } },
    );
    await ledger.deleteMany({ "_id.part": /(rows|whole)\/0000[0-2]/, ...OF_DELTA });
    const found = db.collection<{ _id: number }>("rows");
    await found.deleteMany({ _id: { $in: [3, 6, 9] } });
    await found.updateOne({ _id: 12 }, { $set: { text: "first 12" } });
    await db.collection<{ _id: number }>("whole").deleteMany({ _id: { $lt: 300 } });
    await mustEndWell(["load", "--archive", delta], { mongodbUrl: url });
    await expectExact(db);
  });
});
