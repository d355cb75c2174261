import { join } from "node:path";
import { Int32 } from "bson";
import type { Db, Document } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { cuttingProxy } from "@firebreak/testing/servers/cutting-proxy";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { eventsOf, firebreak, mustEndWell, start } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";
import { documentsArchive } from "@firebreak/testing/archives/documents-archive";

type Target = Awaited<ReturnType<typeof mongodbDatabase>>;

const DOCUMENT_COUNT = 60_000;
const PART_COUNT = 60;
const KILLS = Number(process.env["FIREBREAK_KILLS"] ?? 3);
const INDEX = '{"v":{"$numberInt":"2"},"key":{"name":{"$numberInt":"1"}},"name":"by_name"}';

const { isLacking, why } = lacking("mongodb", "standalone");
describe.skipIf(isLacking)(`a load into MongoDB that was cut off${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = join(place.path, "archive");
    const documents = Array.from({ length: DOCUMENT_COUNT }, (_, n) => ({
      _id: new Int32(n),
      name: `Name ${n}`,
      text: "x".repeat(n % 300),
    }));
    await documentsArchive(archive, "cut", {
      rows: { documents, documentsAPart: DOCUMENT_COUNT / PART_COUNT, indexTexts: [INDEX] },
    });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  const load = (url: string, ...args: readonly string[]) =>
    firebreak(["load", "--archive", archive, "--json", ...args], { mongodbUrl: url });

  async function partsIn(db: Db): Promise<number> {
    return db.collection("firebreak_ledger").countDocuments({ "_id.part": { $exists: true } });
  }

  /** By a plain driver: every document once, none that is not the archive's; then by Firebreak's own proof. */
  async function expectExact({ db, url }: Target): Promise<void> {
    // One assertion a document would take longer than the loads do.
    const unlike: unknown[] = [];
    let next = 0;
    for await (const document of db.collection("rows").find().sort({ _id: 1 })) {
      const { _id, name, text } = document as Document;
      if (_id !== next || name !== `Name ${next}` || (text as string).length !== next % 300)
        unlike.push([next, document]);
      next++;
    }
    expect(unlike.slice(0, 3)).toEqual([]);
    expect(next).toBe(DOCUMENT_COUNT);
    expect(await partsIn(db)).toBe(PART_COUNT);
    expect((await db.collection("rows").indexes()).map((i) => i.name)).toEqual(["_id_", "by_name"]);
    await mustEndWell(["checksum", "--archive", archive], { mongodbUrl: url });
  }

  for (const server of ["mongodb", "standalone"] as const)
    test(`${KILLS} times by kill -9 and run again, has every document once on a ${server}`, async () => {
      await using target = await mongodbDatabase(ownName("cutdoc"), server);
      for (let kill = 1; kill <= KILLS; kill++) {
        const share = Math.floor(((PART_COUNT - 1) * (kill - 1 + Math.random())) / KILLS);
        const wanted = Math.max(await partsIn(target.db), share);
        const run = start(["load", "--archive", archive], { mongodbUrl: target.url });
        await until(`${wanted} parts in the ledger`, async () => (await partsIn(target.db)) >= wanted);
        run.kill("SIGKILL");
        expect((await run).signal).toBe("SIGKILL");
      }
      const ended = await load(target.url);
      expect(ended.exitCode, ended.output).toBe(0);
      expect(eventsOf(ended).at(-1)).toMatchObject({
        namespaces: [{ loaded: DOCUMENT_COUNT, refused: 0, digested: DOCUMENT_COUNT, equal: true }],
      });
      await expectExact(target);
    });

  test("in the middle of a part, inserts what is missing of it and nothing twice", async () => {
    await using target = await mongodbDatabase(ownName("cutdoc_part"));
    expect((await load(target.url)).exitCode).toBe(0);
    // As if the first batches of some parts had been written, and the ledger had not been.
    const ledger = target.db.collection<{ _id: Document }>("firebreak_ledger");
    await ledger.deleteMany({ "_id.part": /0000[0-4]/ });
    await ledger.updateOne({ _id: { load: "rows" } }, { $set: { state: "begun" } });
    await target.db.collection<{ _id: number }>("rows").deleteMany({ _id: { $in: [5, 700, 2001, 2002] } });
    const ended = await load(target.url);
    expect(ended.exitCode, ended.output).toBe(0);
    await expectExact(target);
  });

  test("by a connection that breaks, ends with 7, and goes on when it holds", async () => {
    await using target = await mongodbDatabase(ownName("cutdoc_net"), "standalone");
    const { port } = new URL(target.url);
    await using proxy = await cuttingProxy(Number(port));
    const url = target.url.replace(`:${port}/`, `:${proxy.port}/`) + "?serverSelectionTimeoutMS=1000";
    const run = start(["load", "--archive", archive], { mongodbUrl: url });
    await until("4 parts in the ledger", async () => (await partsIn(target.db)) >= 4);
    proxy.limitBytes = 0;
    const ended = await run;
    expect(ended.exitCode, ended.stderr).toBe(7);
    expect(ended.stderr).toContain("Run the same command again");
    proxy.limitBytes = Number.POSITIVE_INFINITY;
    expect((await load(url)).exitCode).toBe(0);
    await expectExact(target);
  });

  test("by Ctrl-C ends with 130 and goes on at once when it is run again", async () => {
    await using target = await mongodbDatabase(ownName("cutdoc_c"));
    const run = start(["load", "--archive", archive], { mongodbUrl: target.url });
    await until("2 parts in the ledger", async () => (await partsIn(target.db)) >= 2);
    run.kill("SIGINT");
    const { exitCode, signal, stderr } = await run;
    expect([exitCode, signal], stderr).toEqual([130, undefined]);
    expect((await load(target.url)).exitCode).toBe(0);
    await expectExact(target);
  });

  test("refuses a second run while the first is at work, and status tells which that is", async () => {
    await using target = await mongodbDatabase(ownName("cutdoc_two"));
    const run = start(["load", "--archive", archive], { mongodbUrl: target.url });
    await until("a part in the ledger", async () => (await partsIn(target.db)) >= 1);
    run.kill("SIGSTOP");
    const second = await load(target.url);
    expect(second.exitCode).toBe(6);
    expect(second.stderr).toContain(`process ${run.pid}`);
    const status = await mustEndWell(["status", "--archive", archive], { mongodbUrl: target.url });
    expect(status.stdout).toContain(`a run is at work, process ${run.pid}`);
    expect(status.stdout).toMatch(/of 60,000 documents are in/);
    run.kill("SIGCONT");
    expect((await run).exitCode).toBe(0);
    await expectExact(target);
  });

  test("and changed by somebody before it was run again, ends with 4 and the ids", async () => {
    await using target = await mongodbDatabase(ownName("cutdoc_changed"));
    const run = start(["load", "--archive", archive], { mongodbUrl: target.url });
    const first = { _id: { load: "rows", part: "cut/rows/00000.ndjson.zst" } };
    const ledger = target.db.collection<{ _id: Document }>("firebreak_ledger");
    await until("the first part", async () => (await ledger.countDocuments(first)) === 1);
    run.kill("SIGKILL");
    await run;
    const rows = target.db.collection<{ _id: number | string }>("rows");
    await rows.updateOne({ _id: 3 }, { $set: { name: "another" } });
    await rows.deleteOne({ _id: 4 });
    await rows.insertOne({ _id: "a stranger" });
    for (let again = 0; again < 2; again++) {
      const ended = await load(target.url);
      expect(ended.exitCode, ended.output).toBe(4);
      expect(ended.stderr).toMatch(/missing, by _id: {"\$numberInt":"4"}/);
      expect(ended.stderr).toMatch(/extra, by _id: "a stranger"/);
      expect(ended.stderr).toMatch(/changed, by _id: {"\$numberInt":"3"}/);
    }
  });
});
