import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Binary, Double, Int32 } from "bson";
import type { Document } from "mongodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import {
  lacking,
  ownName,
  sqlDatabase,
  journeyServers,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, type Ended } from "@firebreak/testing/command-line/firebreak";

const ROW_COUNT = 2000;

function* things(): Generator<Document> {
  for (let n = 1; n <= ROW_COUNT; n++)
    yield {
      _id: new Int32(n),
      name: `Name ${n} "😀" \\`,
      blank: n % 2 === 0 ? "" : null,
      body: new Binary(Buffer.from(`body ${n}`)),
      ratio: new Double(n / 7),
      at: new Date(1_700_000_000_000 + n),
    };
}

/** Every fault that a repair is for, at once, in two tables. */
const FAULTS = [
  "UPDATE things SET body = CONCAT(CHAR(ASCII(body) ^ 1), SUBSTRING(body, 2)) WHERE _id = 17",
  "UPDATE things SET name = CONCAT(name, ' ') WHERE _id = 18",
  "UPDATE things SET name = UPPER(name) WHERE _id = 19",
  "UPDATE things SET blank = IF(blank IS NULL, '', NULL) WHERE _id IN (21, 22)",
  "UPDATE things SET at = at + INTERVAL 1000 MICROSECOND WHERE _id = 24",
  "UPDATE things SET name = REPLACE(name, '😀', '😁') WHERE _id = 25",
  "DELETE FROM things WHERE _id IN (26, 27)",
  "INSERT INTO things (_id, name) VALUES (90001, 'extra')",
  "ALTER TABLE others DROP PRIMARY KEY, MODIFY _id VARCHAR(16) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL",
  "INSERT INTO others SELECT * FROM others",
  "UPDATE others SET n = 5 WHERE _id = 'a' LIMIT 1",
];

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`checksum --repair${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  let passphraseFile: string;
  let repair: string;
  let count = 0;
  beforeAll(async () => {
    place = await folder();
    passphraseFile = join(place.path, "passphrase");
    await writeFile(passphraseFile, "a passphrase");
    archive = await makeArchive(place.path, {
      database: ownName("torepair"),
      collections: { things: things(), others: ["a", "b", "ä"].map((_id) => ({ _id, n: 1 })) },
      isTransformed: false,
      options: { partMib: 0.05, hasPassphrase: true, passphraseFile },
    });
    await mustEndWell(["transform", "--archive", archive, "--passphrase-file", passphraseFile]);
  });
  afterAll(() => place[Symbol.asyncDispose]());
  beforeEach(() => {
    repair = join(place.path, `repair-${count++}`);
  });

  for (const server of journeyServers("mysql")) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`on ${server}${why}`, () => {
      let database: SqlDatabase;
      beforeEach(async () => {
        database = await sqlDatabase(server, ownName("torepair"));
        await run("load", archive);
        return () => database[Symbol.asyncDispose]();
      });

      const run = (command: string, from: string, ...more: readonly string[]): Promise<Ended> =>
        firebreak([command, "--archive", from, "--passphrase-file", passphraseFile, ...more], {
          mysqlUrl: database.url,
        });

      test("and load put every kind of difference right, with the passphrase and without the archive", async () => {
        for (const statement of FAULTS) await database.connection.query(statement);
        const made = await run("checksum", archive, "--repair", repair);
        expect(made.output).toContain("2 tables right (2 missing, 7 changed, 4 extra)");
        expect(made.exitCode).toBe(4);
        expect(await run("verify", repair)).toMatchObject({ exitCode: 0 });
        const applied = await run("load", repair);
        expect(applied.output).toContain("Table things: 8 rows deleted, 9 rows inserted.");
        expect(applied.output).toContain("Table others: 6 rows deleted, 3 rows inserted.");
        expect(applied.exitCode).toBe(0);
        expect(await run("checksum", archive)).toMatchObject({ exitCode: 0 });
      });

      test("makes no folder where nothing differs", async () => {
        const { exitCode, output } = await run("checksum", archive, "--repair", repair);
        expect(output).toContain("nothing to repair");
        expect(exitCode).toBe(0);
        await expect(stat(repair)).rejects.toThrow(/ENOENT/);
      });

      test("is not made of a table that is not there, and that is said", async () => {
        await database.connection.query("DROP TABLE things");
        const { exitCode, output } = await run("checksum", archive, "--repair", repair);
        expect(output).toMatch(/No repair was made: .*\(things\)/);
        expect(exitCode).toBe(4);
        await expect(stat(repair)).rejects.toThrow(/ENOENT/);
      });

      test("refuses a folder that has something in it, before it compares anything", async () => {
        await database.connection.query("DELETE FROM things");
        await mkdir(repair);
        await writeFile(join(repair, "mine"), "");
        const { exitCode, output } = await run("checksum", archive, "--repair", repair);
        expect(output).not.toContain("differ");
        expect(output).toContain("mine");
        expect(exitCode).toBe(6);
        expect(await readdir(repair)).toEqual(["mine"]);
      });
    });
  }
});

test("a repair is of rows in MySQL, and of all that differ", async () => {
  for (const other of [
    ["--sample", "3"],
    ["--against", "mongodb"],
  ])
    expect(await firebreak(["checksum", "--repair", "/no/such", ...other])).toMatchObject({ exitCode: 2 });
});
