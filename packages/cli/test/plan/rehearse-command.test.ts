import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Int32 } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { eventsOf, firebreak, type Ended } from "@firebreak/testing/command-line/firebreak";
import {
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  urlOf,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import type { PlanRecord } from "@firebreak/plan";

const DOCUMENTS = 2000;
const ONES = 30;
const STEP_MS = { export: 1000, transform: 1000, load: 1000, checksum: 1000 };

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`a rehearsal${source.why}`, () => {
  const name = ownName("rehearse");
  let mongodb: Awaited<ReturnType<typeof mongodbDatabase>>;
  let place: Awaited<ReturnType<typeof folder>>;
  beforeAll(async () => {
    place = await folder();
    mongodb = await mongodbDatabase(name);
    const many = Array.from({ length: DOCUMENTS }, (_, i) => ({ _id: new Int32(i), text: `text ${i}` }));
    await mongodb.db.collection<{ _id: Int32 }>("many").insertMany(many);
    const few = Array.from({ length: ONES }, (_, i) => ({ _id: new Int32(i) }));
    await mongodb.db.collection<{ _id: Int32 }>("few").insertMany(few);
  });
  afterAll(async () => {
    await mongodb[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`on ${server}${why}`, () => {
      let database: SqlDatabase;
      const archive = (): string => join(place.path, server);
      const work = (): string => `${archive()}.work`;
      const run = (args: readonly string[], more = {}): Promise<Ended> =>
        firebreak(["rehearse", "--json", "--archive", archive(), "--include", `${name}.*`, ...args], {
          mongodbUrl: urlOf("mongodb"),
          mysqlUrl: database.url,
          ...more,
        });
      const leftDatabases = async (): Promise<unknown> =>
        (await database.connection.query("SHOW DATABASES LIKE 'firebreak\\_rehearsal\\_%'"))[0];
      const expectNothingLeft = async (): Promise<void> => {
        expect(await leftDatabases()).toEqual([]);
        expect(existsSync(join(work(), "rehearsal"))).toBe(false);
        expect(existsSync(join(work(), "rehearsal.json"))).toBe(false);
        expect(await database.tables()).toEqual([]);
      };
      beforeAll(async () => {
        database = await sqlDatabase(server, ownName(`rehearse_${server}`));
      });
      afterAll(() => database[Symbol.asyncDispose]());

      test("moves and proves a part of each collection, and leaves nothing but its times", async () => {
        const ended = await run(["--sample", "10%"]);
        expect(ended.exitCode, ended.output).toBe(0);
        const summary = eventsOf(ended).at(-1)!;
        expect(summary).toMatchObject({ command: "rehearse", ok: true, removed: true });
        const [few, many] = summary["namespaces"] as { tables: object[] }[];
        expect(few).toMatchObject({
          namespace: `${name}.few`,
          tables: [{ table: "few", rows: 20, equal: true }],
        });
        expect(many).toMatchObject({
          namespace: `${name}.many`,
          documents: DOCUMENTS / 10,
          tables: [{ table: "many", rows: DOCUMENTS / 10, loaded: DOCUMENTS / 10, equal: true }],
        });
        await expectNothingLeft();
        expect(existsSync(join(work(), "rehearsal-times.json"))).toBe(true);
      });

      test("of all moves everything", async () => {
        const ended = await run(["--sample", "all"]);
        expect(ended.exitCode, ended.output).toBe(0);
        const namespaces = eventsOf(ended).at(-1)!["namespaces"] as { documents: number }[];
        expect(namespaces.map(({ documents }) => documents)).toEqual([ONES, DOCUMENTS]);
        await expectNothingLeft();
      });

      test.each(["rehearsal-begun:1", "part-sealed:1", "rehearsal-proved:1"])(
        "that is killed at %s is removed by --clean, which says so",
        async (killAt) => {
          await run([], { killAt });
          expect(await leftDatabases()).not.toEqual([]);
          expect(existsSync(join(work(), "rehearsal.json"))).toBe(true);
          const cleaned = await run(["--clean"]);
          expect(cleaned.exitCode, cleaned.output).toBe(0);
          expect(eventsOf(cleaned)).toContainEqual(expect.objectContaining({ code: "rehearsal-removed" }));
          expect(eventsOf(cleaned).at(-1)).toMatchObject({ removed: true });
          await expectNothingLeft();
        },
      );

      test("that was killed is removed by the next one", async () => {
        await run([], { killAt: "rehearsal-proved:1" });
        const ended = await run([]);
        expect(ended.exitCode, ended.output).toBe(0);
        expect(eventsOf(ended)).toContainEqual(expect.objectContaining({ code: "rehearsal-removed" }));
        await expectNothingLeft();
      });

      test("never drops what a journal of somebody else names", async () => {
        const journal = join(work(), "rehearsal.json");
        const other = {
          format: "firebreak-rehearsal",
          formatVersion: 1,
          database: database.name,
          folder: "/",
        };
        await writeFile(journal, JSON.stringify(other));
        const ended = await run(["--clean"]);
        expect(ended.exitCode, ended.output).toBe(6);
        expect(JSON.parse(await readFile(journal, "utf8"))).toEqual(other);
        await writeFile(journal, "");
        expect((await run([])).exitCode).toBe(6);
        await rm(journal);
      });

      test("of more than a plan's sample gives the plan its times", async () => {
        const plan = async (): Promise<PlanRecord> => {
          const ended = await firebreak(
            ["plan", "--json", "--archive", archive(), "--include", `${name}.*`],
            { mongodbUrl: urlOf("mongodb"), mysqlUrl: database.url },
          );
          const event = eventsOf(ended).find((e) => e["event"] === "plan");
          return (event as unknown as { record: PlanRecord }).record;
        };
        const loads = ({ estimate }: PlanRecord) =>
          estimate.steps.find(({ step }) => step === "load")!.isMeasured;
        const before = await plan();
        expect(loads(before)).toBe(false);
        const file = join(work(), "rehearsal-times.json");
        const times = JSON.parse(await readFile(file, "utf8")) as object;
        await writeFile(file, JSON.stringify({ ...times, bytes: 1 << 30, ms: STEP_MS }));
        const after = await plan();
        expect(loads(after)).toBe(true);
        expect(before.unseen.map(({ what }) => what)).toEqual(["load"]);
        expect(after.unseen).toEqual([]);
        await writeFile(file, JSON.stringify({ ...times, bytes: 1 << 30, target: "another:3306" }));
        expect(loads(await plan())).toBe(false);
      });
    });
  }

  test.each(["0%", "5", "101%", "some"])("of %s is no part", async (sample) => {
    const ended = await firebreak(["rehearse", "--sample", sample], {
      mongodbUrl: "mongodb://127.0.0.1:1",
      mysqlUrl: "mysql://127.0.0.1:1",
    });
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain(`--sample is ${sample}`);
  });
});
