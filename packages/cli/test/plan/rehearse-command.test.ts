import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Int32 } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fillHybridSite, fillServer, type ChatSiteOptions } from "../../../../fixtures/src/index.ts";
import type { Account } from "@firebreak/archive";
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
import type { QueryResult } from "@firebreak/query-test";
import { parsedCommand } from "./parsed-command.ts";
import { neverSeen, planned } from "./planned.ts";

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
        firebreak(
          [
            "rehearse",
            "--json",
            "--archive",
            archive(),
            ...(args.includes("--include") ? [] : ["--include", `${name}.*`]),
            ...args,
          ],
          {
            mongodbUrl: urlOf("mongodb"),
            mysqlUrl: database.url,
            ...more,
          },
        );
      const leftDatabases = async (): Promise<unknown> =>
        (await database.connection.query("SHOW DATABASES LIKE 'firebreak\\_rehearsal\\_%'"))[0];
      const expectNothingLeft = async (): Promise<void> => {
        expect(await leftDatabases()).toEqual([]);
        expect((await readdir(work())).filter((name) => name.startsWith("scratch"))).toEqual([]);
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
        expect(summary["queries"]).toContainEqual({
          name: `${name}.many by _id`,
          source: expect.objectContaining({ p95Ms: expect.any(Number) }),
          target: expect.objectContaining({ p95Ms: expect.any(Number) }),
          answersEqual: true,
        });
        await expectNothingLeft();
        expect(existsSync(join(work(), "rehearsal-times.json"))).toBe(true);
      });

      test("whose queries have other answers exits with 4, and removes everything all the same", async () => {
        await using odd = await mongodbDatabase(ownName("rehearse_odd"));
        const tags = odd.db.collection("tags");
        // MongoDB finds a value inside of an array, which SQL does not.
        await tags.insertMany([{ tag: "a" }, { tag: "a" }, { tag: ["a", "b"] }]);
        await tags.createIndex({ tag: 1 });
        const ended = await run(["--include", `${odd.db.databaseName}.*`, "--sample", "all"]);
        expect(ended.exitCode, ended.output).toBe(4);
        const summary = eventsOf(ended).at(-1)!;
        expect(summary).toMatchObject({ ok: false, removed: true });
        const equal = (summary["queries"] as QueryResult[]).map((q) => [q.name, q.answersEqual]);
        expect(equal).toContainEqual([`${odd.db.databaseName}.tags by tag (tag_1)`, false]);
        await expectNothingLeft();
      });

      test("of all moves everything", async () => {
        const ended = await run(["--sample", "all"]);
        expect(ended.exitCode, ended.output).toBe(0);
        const namespaces = eventsOf(ended).at(-1)!["namespaces"] as { documents: number }[];
        expect(namespaces.map(({ documents }) => documents)).toEqual([ONES, DOCUMENTS]);
        await expectNothingLeft();
      });

      test.each(["scratch-made:1", "part-sealed:1", "rehearsal-proved:1", "rehearsal-asked:1"])(
        "that is killed at %s is removed by --clean, which says so",
        async (killAt) => {
          await run([], { killAt });
          expect(await leftDatabases()).not.toEqual([]);
          expect(existsSync(join(work(), "scratch.json"))).toBe(true);
          const cleaned = await run(["--clean"]);
          expect(cleaned.exitCode, cleaned.output).toBe(0);
          expect(eventsOf(cleaned)).toContainEqual(expect.objectContaining({ code: "scratch-removed" }));
          expect(eventsOf(cleaned).at(-1)).toMatchObject({ removed: true });
          await expectNothingLeft();
        },
      );

      test("that was killed is removed by the next one", async () => {
        await run([], { killAt: "rehearsal-proved:1" });
        const ended = await run([]);
        expect(ended.exitCode, ended.output).toBe(0);
        expect(eventsOf(ended)).toContainEqual(expect.objectContaining({ code: "scratch-removed" }));
        await expectNothingLeft();
      });

      test("never drops a database, and never removes a folder, that is not its own", async () => {
        const own = join(work(), "rehearsal");
        await mkdir(own);
        await writeFile(join(own, "kept"), "");
        const journal = join(work(), "scratch.json");
        const left = { format: "firebreak-scratch", formatVersion: 1, folder: "scratch-01234567" };
        const server = new URL(database.url).host;
        await writeFile(journal, JSON.stringify({ ...left, server, database: database.name }));
        const cleaned = await run(["--clean"]);
        expect(cleaned.exitCode, cleaned.output).toBe(0);
        expect(await database.value("SELECT DATABASE()")).toBe(database.name);
        expect(existsSync(join(own, "kept"))).toBe(true);
        await rm(own, { recursive: true });
        for (const [journalText, said] of [
          ["", "scratch.json"],
          [JSON.stringify({ ...left, server, folder: ".." }), "scratch.json"],
          [JSON.stringify({ ...left, server: "elsewhere:3306", database: "x" }), "elsewhere:3306"],
        ] as const) {
          await writeFile(journal, journalText);
          for (const args of [["--clean"], []]) {
            const refused = await run(args);
            expect(refused.exitCode, refused.output).toBe(6);
            expect(refused.stderr).toContain(said);
          }
          expect(await readFile(journal, "utf8")).toBe(journalText);
        }
        await rm(journal);
      });

      test("two at once do not remove what the other needs", async () => {
        const both = await Promise.all([run([], { isApart: true }), run([], { isApart: true })]);
        const codes = both.map(({ exitCode }) => exitCode ?? -1).toSorted((a, b) => a - b);
        // Both are done if the first one ended before the second began.
        expect(
          [
            [0, 0],
            [0, 6],
          ],
          both.map(({ output }) => output).join("\n"),
        ).toContainEqual(codes);
        await expectNothingLeft();
      });

      test("of more than a plan's sample gives the plan its times", async () => {
        const plan = async (): Promise<PlanRecord> => {
          const ended = await firebreak(
            ["plan", "--json", "--archive", archive(), "--include", `${name}.*`],
            { mongodbUrl: urlOf("mongodb"), mysqlUrl: database.url },
          );
          return planned(ended);
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
        expect(before.unseen.map(({ what }) => what)).toEqual([
          "hours",
          ...neverSeen(server),
          "writes",
          "load",
        ]);
        expect(after.unseen.map(({ what }) => what)).toEqual(["hours", ...neverSeen(server), "writes"]);
        for (const other of [{ target: "another:3306" }, { conditions: "others" }]) {
          await writeFile(file, JSON.stringify({ ...times, bytes: 1 << 30, ...other }));
          expect(loads(await plan())).toBe(false);
        }
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

// It is in this file because files run at the same time, and the tests above look at all databases of rehearsals.
const SITE: ChatSiteOptions = { seed: 3, messageCount: 400, jvmZone: "Asia/Shanghai" };

const { isLacking, why } = lacking("mongodb", "mysql");
test.skipIf(isLacking)(
  `a chat site is planned and rehearsed in empty copies of the server's tables${why}`,
  async () => {
    await using place = await folder();
    await using mongodb = await mongodbDatabase(ownName("chat_plan"));
    await using ofSource = await sqlDatabase("mysql", ownName("chat_plan_source"));
    await fillHybridSite(ofSource.connection, mongodb.db, SITE);
    await using target = await sqlDatabase("mysql", ownName("chat_plan_target"));
    await fillServer(target.connection, SITE);
    const site = join(place.path, "site");
    await mkdir(site);
    const configuration = ["embed.db 0", `mongodb.database ${mongodb.db.databaseName}`];
    await writeFile(join(site, "wildfirechat.conf"), `${configuration.join("\n")}\n`);
    await writeFile(
      join(site, "c3p0-config.xml"),
      `<c><property name="jdbcUrl">jdbc:mysql://localhost/x?serverTimezone=GMT+8</property></c>\n`,
    );
    const facts = join(place.path, "facts.json");
    const urls = { mongodbUrl: urlOf("mongodb"), mysqlUrl: target.url };
    const looked = await firebreak(["inspect", "--target-facts", facts], urls);
    expect(looked.exitCode, looked.output).toBe(0);
    const options = ["zone=Asia/Shanghai", "sessionTimezone=UTC", "retention=all"];
    const of = ["--archive", join(place.path, "archive"), "--include", `${mongodb.db.databaseName}.*`];
    const profile = ["--profile", "wildfirechat", "--site", site, "--target-facts", facts];
    const how = [...of, ...profile, ...options.flatMap((option) => ["--profile-option", option])];
    const plan = await firebreak(["plan", "--json", ...how], urls);
    expect(plan.exitCode, plan.output).toBe(0);
    const record = planned(plan);
    expect(record.findings.filter(({ severity }) => severity === "stop")).toEqual([]);
    const commands = record.checklist.flatMap((step) => step.commands);
    const flagsOf = async (verb: string) =>
      (await parsedCommand(commands.find(([name]) => name === verb)!)).flags;
    for (const command of commands) await parsedCommand(command);
    const asGiven = { site, "profile-option": options };
    expect(await flagsOf("transform")).toMatchObject({
      ...asGiven,
      profile: "wildfirechat",
      "target-facts": facts,
    });
    expect(await flagsOf("query-test")).toMatchObject(asGiven);
    const messages = record.volumes.filter(({ name }) => /^t_messages_\d+$/.test(name));
    expect(messages.reduce((sum, { items }) => sum + items, 0)).toBeGreaterThanOrEqual(SITE.messageCount);
    const part = await firebreak(["rehearse", "--json", "--sample", "20%", ...how], urls);
    expect([0, 3], part.output).toContain(part.exitCode);
    const rehearsed = await firebreak(["rehearse", "--json", "--sample", "all", ...how], urls);
    // The dirt of the site is in quarantine.
    expect([0, 3], rehearsed.output).toContain(rehearsed.exitCode);
    const summary = eventsOf(rehearsed).at(-1)!;
    const tables = (summary["namespaces"] as { tables?: { loaded: number; equal: boolean }[] }[]).flatMap(
      (n) => n.tables ?? [],
    );
    expect(tables.length).toBeGreaterThan(100);
    expect(tables.every(({ equal }) => equal)).toBe(true);
    expect(tables.reduce((sum, { loaded }) => sum + loaded, 0)).toBeGreaterThan(SITE.messageCount);
    const counts = [part, rehearsed].map((ended) => countsOf(ended, mongodb.db.databaseName));
    const [ofPart, ofAll] = [counts[0]!, counts[1]!];
    expect(ofPart.messages).toBeGreaterThanOrEqual(ofAll.messages / 5);
    expect(ofPart.messages).toBeLessThan(ofAll.messages / 2);
    expect(ofPart.entries).toBeGreaterThan(ofPart.messages);
    // A part has no entry in quarantine that all documents do not have there.
    for (const [name, quarantined] of ofPart.quarantined)
      expect(quarantined, name).toBeLessThanOrEqual(ofAll.quarantined.get(name)!);
    for (const ended of [part, rehearsed]) {
      const { queries } = eventsOf(ended).at(-1) as unknown as { queries: QueryResult[] };
      expect(queries.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["history page", "timeline from a sequence on", "unread messages"]),
      );
      expect(
        queries.every(({ answersEqual }) => answersEqual),
        ended.output,
      ).toBe(true);
    }
    expect(await target.value("SELECT COUNT(*) FROM t_messages_0")).toBe("0");
    const [left] = await target.connection.query("SHOW DATABASES LIKE 'firebreak\\_rehearsal\\_%'");
    expect(left).toEqual([]);
  },
  // Both rehearsals together ask ten queries of hundreds of tables.
  400_000,
);

/** Returns how many messages and entries a rehearsal moved, and the quarantined entries of each collection. */
function countsOf(ended: Ended, database: string) {
  const { namespaces } = eventsOf(ended).at(-1) as unknown as { namespaces: Account[] };
  const of = (start: string) => namespaces.filter((n) => n.namespace.startsWith(`${database}.${start}_`));
  const sum = (accounts: Account[]): number => accounts.reduce((total, a) => total + (a.documents ?? 0), 0);
  const entries = of("t_user_messages");
  return {
    messages: sum(of("t_messages")),
    entries: sum(entries),
    quarantined: new Map(entries.map((a) => [a.namespace, a.quarantined ?? 0])),
  };
}
