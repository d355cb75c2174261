import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Int32, ObjectId } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { eventsOf, firebreak, type Ended } from "@firebreak/testing/command-line/firebreak";
import {
  asUser,
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  urlOf,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { neverSeen, planned } from "./planned.ts";

/** The documents of ten days, a hundred for each. */
const DAYS = 10;
const EACH_DAY = 100;
const DAY_SECONDS = 86_400;

const summaryOf = (ended: Ended) => eventsOf(ended).at(-1)!;

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`a plan${source.why}`, () => {
  const name = ownName("plan");
  let mongodb: Awaited<ReturnType<typeof mongodbDatabase>>;
  let place: Awaited<ReturnType<typeof folder>>;
  beforeAll(async () => {
    place = await folder();
    mongodb = await mongodbDatabase(name);
    const now = Math.floor(Date.now() / 1000);
    const orders = Array.from({ length: DAYS * EACH_DAY }, (_, i) => ({
      _id: ObjectId.createFromTime(now - Math.floor(i / EACH_DAY) * DAY_SECONDS - (i % EACH_DAY)),
      n: new Int32(i),
      text: "x".repeat(200),
    }));
    await mongodb.db.collection("orders").insertMany(orders);
    await mongodb.db.collection("orders").createIndex({ n: 1 }, { name: "by_n" });
    await mongodb.db.collection("large").insertOne({ text: "x".repeat(12 << 20) });
  });
  afterAll(async () => {
    await mongodb[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`for ${server}${why}`, () => {
      let database: SqlDatabase;
      const archive = (): string => join(place.path, server);
      const plan = (...args: string[]): Promise<Ended> =>
        firebreak(["plan", "--json", "--archive", archive(), "--include", `${name}.*`, ...args], {
          mongodbUrl: urlOf("mongodb"),
          mysqlUrl: database.url,
        });
      beforeAll(async () => {
        database = await sqlDatabase(server, ownName(`plan_${server}`));
        await database.connection.query("CREATE TABLE already (a INT PRIMARY KEY)");
      });
      afterAll(() => database[Symbol.asyncDispose]());

      test("has the sizes of both, the times of each step, and goes into a file", async () => {
        const ended = await plan();
        expect(ended.exitCode, ended.output).toBe(0);
        const record = planned(ended);
        const orders = record.volumes.find((v) => v.name === "orders")!;
        expect(orders).toMatchObject({ kind: "collection", database: name, items: DAYS * EACH_DAY });
        expect(orders.bytes).toBeGreaterThan(DAYS * EACH_DAY * 200);
        expect(orders.indexBytes).toBeGreaterThan(0);
        expect(orders.itemsPerDay).toBeGreaterThan(EACH_DAY * 0.9);
        expect(orders.itemsPerDay).toBeLessThan(EACH_DAY * 1.3);
        expect(record.volumes).toContainEqual(
          expect.objectContaining({ kind: "table", database: database.name, name: "already" }),
        );
        expect(record.estimate.steps.map((s) => [s.step, s.isMeasured])).toEqual([
          ["export", true],
          ["transform", true],
          ["load", false],
          ["checksum", false],
        ]);
        expect(record.unseen.map(({ what }) => what)).toEqual([...neverSeen(server), "writes", "load"]);
        const { fullRunMs, windowMs, diskBytes } = record.estimate;
        for (const { low, high } of [fullRunMs, windowMs]) expect(high).toBeGreaterThan(low);
        for (const size of [diskBytes.archive, diskBytes.work, diskBytes.target])
          expect(size).toBeGreaterThan(0);
        expect(JSON.parse(await readFile(join(`${archive()}.work`, "plan.json"), "utf8"))).toEqual(record);
        const { estimate, findings, settings } = record;
        expect(summaryOf(ended)).toMatchObject({ command: "plan", ok: true, estimate, findings, settings });
      });

      test("names a packet that is too small for the largest document, and its index that nothing used", async () => {
        const { findings, settings } = planned(await plan());
        const limit = Number(await database.value("SELECT @@GLOBAL.max_allowed_packet"));
        // Twice the document of 12 MiB, and a little more.
        const isSmall = limit < 25 << 20;
        expect(findings.some(({ code }) => code === "packet-small")).toBe(isSmall);
        expect(settings.some(({ variable }) => variable === "max_allowed_packet")).toBe(isSmall);
        expect(findings).toContainEqual({
          code: "index-unused",
          severity: "note",
          fields: { indexes: [{ namespace: `${name}.orders`, index: "by_n" }] },
        });
      });

      test("loads into a scratch database if it has the name of one, and drops it", async () => {
        const scratch = ownName(`probe_${server}`);
        const ended = await plan("--probe", scratch);
        expect(ended.exitCode, ended.output).toBe(0);
        const { estimate, unseen } = planned(ended);
        expect(estimate.steps.every(({ isMeasured }) => isMeasured)).toBe(true);
        expect(estimate.fullRunMs.high / estimate.fullRunMs.low).toBeLessThanOrEqual(2);
        expect(unseen.map(({ what }) => what)).toEqual([...neverSeen(server), "writes"]);
        const [left] = await database.connection.query("SHOW DATABASES LIKE ?", [scratch]);
        expect(left).toEqual([]);
      });

      test("refuses a scratch database that is there, and leaves it as it is", async () => {
        const ended = await plan("--probe", database.name);
        expect(ended.exitCode, ended.output).toBe(6);
        expect(ended.stderr).toContain(`has a database ${database.name} already`);
        expect(await database.tables()).toEqual(["already"]);
      });

      test("needs no more than SELECT, and says that load needs more", async () => {
        const user = ownName("reader").slice(0, 32);
        await database.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'secret of the plan'`);
        try {
          await database.connection.query(`GRANT SELECT ON \`${database.name}\`.* TO '${user}'@'%'`);
          await mongodb.db.command({ profile: 2 });
          const ended = await firebreak(
            ["plan", "--json", "--archive", archive(), "--include", `${name}.*`],
            {
              mongodbUrl: urlOf("mongodb"),
              mysqlUrl: asUser(database.url, user, encodeURIComponent("secret of the plan")),
            },
          );
          await mongodb.db.command({ profile: 0 });
          expect(ended.exitCode, ended.output).toBe(0);
          expect(ended.output).not.toContain("secret");
          const refused = planned(ended).findings.find(({ code }) => code === "load-refused")!;
          expect(refused.severity).toBe("stop");
          expect(JSON.stringify(refused.fields)).toContain("privileges");
          const writes = { op: { $in: ["insert", "update", "remove"] } };
          expect(await mongodb.db.collection("system.profile").countDocuments({})).toBeGreaterThan(0);
          expect(await mongodb.db.collection("system.profile").countDocuments(writes)).toBe(0);
          expect(await database.tables()).toEqual(["already"]);
        } finally {
          await mongodb.db.command({ profile: 0 });
          await mongodb.db.dropCollection("system.profile").catch(() => undefined);
          await database.connection.query(`DROP USER '${user}'@'%'`);
        }
      });

      test("that is killed in its probe is removed by the next one, which says so", async () => {
        const scratch = ownName(`killed_${server}`);
        const args = ["plan", "--json", "--archive", archive(), "--include", `${name}.*`, "--probe", scratch];
        const urls = { mongodbUrl: urlOf("mongodb"), mysqlUrl: database.url };
        await firebreak(args, { ...urls, killAt: "scratch-made:1" });
        const [left] = await database.connection.query("SHOW DATABASES LIKE ?", [scratch]);
        expect(left).toHaveLength(1);
        const again = await firebreak(args, urls);
        expect(again.exitCode, again.output).toBe(0);
        expect(eventsOf(again)).toContainEqual(expect.objectContaining({ code: "scratch-removed" }));
        expect((await database.connection.query("SHOW DATABASES LIKE ?", [scratch]))[0]).toEqual([]);
      });

      test("leaves nothing but its files, and says it all to people", async () => {
        const ended = await firebreak(
          ["plan", "--archive", archive(), "--include", `${name}.*`, "--watch", "1"],
          { mongodbUrl: urlOf("mongodb"), mysqlUrl: database.url },
        );
        expect(ended.exitCode, ended.output).toBe(0);
        expect(ended.stdout).toContain(`${name}.orders`);
        expect(ended.stdout).toContain("last delta, load and proof, while it is stopped");
        expect(ended.stdout).toMatch(/reads and .* writes a second/);
        expect(ended.stdout).toContain("plan.json");
        expect(ended.stdout).toContain("checklist.md");
        expect((await readdir(`${archive()}.work`)).toSorted()).toEqual(["checklist.md", "plan.json"]);
      });
    });
  }

  const sql = lacking("mysql");
  test.skipIf(sql.isLacking)(`without a collection is refused${sql.why}`, async () => {
    await using database = await sqlDatabase("mysql", ownName("plan_none"));
    const ended = await firebreak(
      ["plan", "--include", `${name}.nothing`, "--archive", join(place.path, "none")],
      {
        mongodbUrl: urlOf("mongodb"),
        mysqlUrl: database.url,
      },
    );
    expect(ended.exitCode, ended.output).toBe(2);
  });

  const standalone = lacking("standalone", "mysql");
  test.skipIf(standalone.isLacking)(
    `of a standalone says what its last delta takes${standalone.why}`,
    async () => {
      await using alone = await mongodbDatabase(ownName("plan_alone"), "standalone");
      await alone.db.collection("a").insertOne({ a: 1 });
      await using database = await sqlDatabase("mysql", ownName("plan_alone"));
      const ended = await firebreak(["plan", "--json", "--archive", join(place.path, "alone")], {
        mongodbUrl: alone.url,
        mysqlUrl: database.url,
      });
      expect(ended.exitCode, ended.output).toBe(0);
      expect(planned(ended).findings.map(({ code }) => code)).toContain("standalone");
    },
  );
});
