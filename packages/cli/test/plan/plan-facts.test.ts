import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { Int32 } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { firebreak, mustEndWell, type Ended } from "@firebreak/testing/command-line/firebreak";
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
import { parsedCommand } from "./parsed-command.ts";
import { planned } from "./planned.ts";

const DOCUMENTS = 4000;
/** InnoDB reserves the pages of an index by 64, after the first 32. */
const RESERVED_BYTES = 96 * 16_384;
const SECRET = "Planted4711";

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`a plan of a site${source.why}`, () => {
  const name = ownName("site");
  let mongodb: Awaited<ReturnType<typeof mongodbDatabase>>;
  let place: Awaited<ReturnType<typeof folder>>;
  beforeAll(async () => {
    place = await folder();
    mongodb = await mongodbDatabase(name);
    const orders = Array.from({ length: DOCUMENTS }, (_, i) => ({
      _id: new Int32(i),
      user: `user ${i % 100}`,
      free: `text ${i}`,
    }));
    await mongodb.db.collection<{ _id: Int32 }>("orders").insertMany(orders);
    await mongodb.db.collection("orders").createIndex({ user: 1 }, { name: "by_user" });
  });
  afterAll(async () => {
    await mongodb[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`for ${server}${why}`, () => {
      let database: SqlDatabase;
      const folderOf = (archive: string): string => join(place.path, server, archive);
      const plan = (archive: string, args: readonly string[], mysqlUrl = database.url): Promise<Ended> =>
        firebreak(["plan", ...args, "--archive", folderOf(archive), "--include", `${name}.*`], {
          mongodbUrl: urlOf("mongodb"),
          mysqlUrl,
        });
      beforeAll(async () => {
        database = await sqlDatabase(server, ownName(`site_${server}`));
      });
      afterAll(() => database[Symbol.asyncDispose]());

      test("has the cost of each new index, and the use of its counterpart", async () => {
        const estimated = planned(await plan("index", ["--json"])).newIndexes;
        const ended = await plan("index", ["--json", "--probe", ownName(`index_${server}`)]);
        expect(ended.exitCode, ended.output).toBe(0);
        const measured = planned(ended).newIndexes;
        const index = { table: "orders", index: "by_user", columns: ["user"] };
        expect(estimated).toEqual([expect.objectContaining({ ...index, isMeasured: false })]);
        expect(measured).toEqual([expect.objectContaining({ ...index, isMeasured: true })]);
        expect(measured[0]!.ms).toBeGreaterThan(0);
        expect(measured[0]!.source).toMatchObject({ uses: 0 });
        expect(estimated[0]!.bytes).toBeLessThanOrEqual(measured[0]!.bytes);
        expect(measured[0]!.bytes - estimated[0]!.bytes).toBeLessThan(RESERVED_BYTES);
        const { stdout } = await plan("index", []);
        expect(stdout).toMatch(/orders\.by_user .* estimated .* not used since \d{4}-\d\d-\d\d/);
      });

      test("finds a query of MongoDB that lacks an index, and shows no value of it", async () => {
        try {
          await mongodb.db.command({ profile: 2 });
          await mongodb.db.collection("orders").find({ free: "text 12345" }).toArray();
          const ended = await plan("profile", ["--json"]);
          expect(ended.exitCode, ended.output).toBe(0);
          const { findings, slowQueries, unseen } = planned(ended);
          expect(findings).toContainEqual({
            code: "index-missing",
            severity: "warn",
            fields: expect.objectContaining({
              database: name,
              text: `query of ${name}.orders: COLLSCAN`,
              examined: DOCUMENTS,
            }),
          });
          expect(JSON.stringify(slowQueries)).not.toContain("12345");
          expect(unseen.map(({ what }) => what)).not.toContain("profiler-off");
        } finally {
          await mongodb.db.command({ profile: 0 });
          await mongodb.db.dropCollection("system.profile").catch(() => undefined);
        }
      });

      test("finds a query of MySQL that lacks an index where the server counts, and says where it does not", async () => {
        const rows = Array.from({ length: 3000 }, (_, i) => `(${i}, 'text ${i}')`);
        await database.connection.query("CREATE TABLE lacking (id INT PRIMARY KEY, free VARCHAR(20))");
        await database.connection.query(`INSERT INTO lacking VALUES ${rows.join(", ")}`);
        const isCounted = (await database.value("SELECT @@GLOBAL.performance_schema")) === "1";
        // The server keeps no more than so many different statements, and other tests have made as many.
        if (isCounted)
          await database.connection.query(
            "TRUNCATE TABLE performance_schema.events_statements_summary_by_digest",
          );
        await database.connection.query("SELECT id FROM lacking WHERE free = 'text 1234'");
        const ended = await plan("statements", ["--json"]);
        expect(ended.exitCode, ended.output).toBe(0);
        const { findings, tableUse, unseen, connections } = planned(ended);
        const texts = findings.flatMap((f) => (f.code === "index-missing" ? [f.fields.text] : []));
        expect(unseen.some(({ what }) => what === "performance-schema-off")).toBe(!isCounted);
        expect(texts.some((text) => text.includes("`lacking` WHERE"))).toBe(isCounted);
        expect(texts.join()).not.toContain("1234");
        expect(tableUse.some(({ table }) => table === "lacking")).toBe(isCounted);
        const ofMysql = connections.find((one) => one.server === new URL(database.url).host)!;
        expect(ofMysql.limit).toBe(Number(await database.value("SELECT @@GLOBAL.max_connections")));
        expect(ofMysql.mostUsed).toBeGreaterThan(0);
        await database.connection.query("DROP TABLE lacking");
      });

      test("with an archive that covers it takes the time of a delta onto it", async () => {
        const urls = { mongodbUrl: urlOf("mongodb"), mysqlUrl: database.url };
        const archive = folderOf("covering");
        await mustEndWell(["export", "--archive", archive, "--include", `${name}.*`], urls);
        const { archive: found, checklist } = planned(await plan("covering", ["--json"]));
        expect(found).toMatchObject({ folder: archive, documents: DOCUMENTS, delta: "change-stream" });
        expect(checklist.map(({ code }) => code)).toContain("archive-there");
        await mongodb.db.collection("later").insertOne({ a: 1 });
        const later = planned(await plan("covering", ["--json"]));
        expect(later.archive).toMatchObject({ unfit: "namespaces", missing: [`${name}.later`] });
        const exported = later.checklist.find(({ code }) => code === "export")!;
        expect(exported.commands[0]).toContain(`${archive}-new`);
        await mongodb.db.dropCollection("later");
        await appendFile(join(archive, "manifest.json"), "damage");
        const damaged = planned(await plan("covering", ["--json"]));
        expect(damaged.archive).toBeUndefined();
        expect(damaged.unseen.map(({ what }) => what)).toContain("archive");
      });

      test("writes a checklist whose commands all parse, without the password", async () => {
        const user = ownName("lister").slice(0, 32);
        await database.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY '${SECRET}'`);
        try {
          await database.connection.query(`GRANT ALL ON \`${database.name}\`.* TO '${user}'@'%'`);
          await database.connection.query("CREATE TABLE already (a INT PRIMARY KEY)");
          const ended = await plan("list of it's", ["--json"], asUser(database.url, user, SECRET));
          expect(ended.exitCode, ended.output).toBe(0);
          const text = await readFile(join(`${folderOf("list of it's")}.work`, "checklist.md"), "utf8");
          expect(text + ended.output).not.toContain(SECRET);
          expect(text).toContain(`mysql://${user}:?@`);
          const lines = text.split("\n").filter((line) => line.startsWith("      pnpm "));
          expect(lines.length).toBe(planned(ended).checklist.flatMap(({ commands }) => commands).length);
          for (const line of lines) {
            const { stdout } = await execa("sh", ["-c", `printf '%s\\n' ${line}`]);
            const [pnpm, ...args] = stdout.split("\n");
            expect(pnpm).toBe("pnpm");
            const { flags } = await parsedCommand(args);
            expect(String(flags["archive"]).startsWith(folderOf("list of it's")), line).toBe(true);
          }
        } finally {
          await database.connection.query(`DROP USER '${user}'@'%'`);
          await database.connection.query("DROP TABLE IF EXISTS already");
        }
      });
    });
  }
});
