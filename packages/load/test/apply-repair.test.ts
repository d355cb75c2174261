import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { changed, extra, missing, repairOf } from "@firebreak/testing/tables/repair-of";
import { well, type Outcome } from "@firebreak/testing/recipes/outcome";
import type { DifferingKey } from "../../mysql/src/target/repair/table-repair.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import {
  lacking,
  ownName,
  sqlDatabase,
  journeyServers,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { start } from "@firebreak/testing/command-line/firebreak";
import { loaded, repaired } from "@firebreak/testing/recipes/loaded";
import { checked } from "@firebreak/testing/recipes/checked";
import { until } from "@firebreak/testing/servers/until";
import { ROW_COUNT, words, collections, faults, latin1 } from "./repair-cases.ts";

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`a repair${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = await makeArchive(place.path, { database: ownName("repaired"), collections });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  async function newRepair(table: string, found: readonly DifferingKey[]): Promise<string> {
    const repairFolder = join(place.path, `repair-${randomBytes(6).toString("hex")}`);
    await repairOf({ archive, repairFolder, differences: { [table]: found } });
    return repairFolder;
  }

  for (const server of journeyServers("mariadb")) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`on ${server}${why}`, () => {
      let database: SqlDatabase;
      const makeDatabase = async (): Promise<() => Promise<void>> => {
        database = await sqlDatabase(server, ownName("repaired"));
        await well(loaded(archive, database.url));
        return async () => database[Symbol.asyncDispose]();
      };

      const apply = (repair: string): Promise<Outcome> => repaired(repair, database.url);
      const checksum = (): Promise<Outcome> => checked(archive, database.url);

      async function plant(sql: string): Promise<void> {
        for (const statement of sql.split("; ")) await database.connection.query(statement);
      }

      describe("puts right", () => {
        beforeAll(makeDatabase);

        for (const { title, table, sql, found } of faults)
          test(title, async () => {
            await plant(sql);
            expect(await checksum()).toMatchObject({ ending: "unequal" });
            expect(await apply(await newRepair(table, found))).toMatchObject({ ending: "well" });
            expect(await checksum()).toMatchObject({ ending: "well" });
          });

        test("what was loaded, which is known to be in afterwards", async () => {
          const before = await database.value("SELECT COUNT(*) FROM firebreak_ledger");
          expect(await loaded(archive, database.url)).toMatchObject({ ending: "well" });
          expect(await database.value("SELECT COUNT(*) FROM firebreak_ledger")).toBe(before);
          expect(await checksum()).toMatchObject({ ending: "well" });
        });
      });

      describe("of a database of its own", () => {
        beforeEach(makeDatabase);

        test("puts right a row that is doubled where the table has lost its unique key", async () => {
          await plant(
            "ALTER TABLE things DROP PRIMARY KEY; INSERT INTO things SELECT * FROM things WHERE _id IN (5, 6)",
          );
          await plant("UPDATE things SET name = 'x' WHERE _id = 6 LIMIT 1");
          const repair = await newRepair("things", [extra("5"), changed("6"), extra("6")]);
          const { ending, text } = await apply(repair);
          expect(text).toContain("4 rows deleted, 2 rows inserted");
          expect(ending, text).toBe("well");
          expect(await checksum()).toMatchObject({ ending: "well" });
          expect(
            await database.value(
              "SELECT row_count FROM firebreak_ledger WHERE part LIKE 'repair/________________'",
            ),
          ).toBe("-2");
        });

        test("deletes by the bytes of the key, whatever collation the column has been given", async () => {
          await plant(
            "ALTER TABLE words DROP PRIMARY KEY, MODIFY _id VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL",
          );
          await plant("UPDATE words SET n = 100 WHERE BINARY _id = 'a'");
          const before = await database.value("SELECT SUM(n) FROM words WHERE NOT BINARY _id = 'a'");
          const repair = await newRepair("words", [changed("a")]);
          await apply(repair);
          expect(await database.value("SELECT SUM(n) FROM words WHERE NOT BINARY _id = 'a'")).toBe(before);
          expect(await database.value("SELECT n FROM words WHERE BINARY _id = 'a'")).toBe("0");
        });

        test("applied twice says so the second time, and changes nothing", async () => {
          await plant("DELETE FROM things WHERE _id = 26");
          const repair = await newRepair("things", [missing("26")]);
          await apply(repair);
          await plant("UPDATE things SET name = 'later' WHERE _id = 26");
          const { ending, text } = await apply(repair);
          expect(text).toContain("applied already");
          expect(ending, text).toBe("well");
          expect(await database.value("SELECT name FROM things WHERE _id = 26")).toBe("later");
        });

        test("is named in the ledger with what it changed", async () => {
          await plant("DELETE FROM things WHERE _id IN (26, 27)");
          const repair = await newRepair("things", [missing("26"), missing("27")]);
          await apply(repair);
          const manifest = await readFile(join(repair, "manifest.json"));
          const sha256 = Buffer.from(await crypto.subtle.digest("SHA-256", manifest)).toString("hex");
          const part = `repair/${sha256.slice(0, 16)}`;
          expect(
            await database.value(
              `SELECT row_count FROM firebreak_ledger WHERE table_name = 'things' AND part = '${part}'`,
            ),
          ).toBe("2");
          expect(
            await database.value(`SELECT plain_sha256 FROM firebreak_ledger WHERE part = '${part}'`),
          ).toBe(sha256);
        });

        test("with --dry-run changes nothing", async () => {
          await plant("DELETE FROM things WHERE _id = 26");
          const repair = await newRepair("things", [missing("26")]);
          const ended = await repaired(repair, database.url, { isDryRun: true });
          expect(ended.accounts).toMatchObject([{ tables: [{ table: "things", rows: 1, loaded: 0 }] }]);
          expect(await database.value("SELECT COUNT(*) FROM things")).toBe(String(ROW_COUNT - 1));
        });

        test("is rolled back where the table was written to since it was made", async () => {
          await plant("DELETE FROM things WHERE _id = 26");
          const repair = await newRepair("things", [missing("26")]);
          await plant("INSERT INTO things (_id) VALUES (90002)");
          const { ending, text } = await apply(repair);
          expect(ending, text).toBe("repair-rows");
          expect(text).toContain("was written to since");
          expect(await database.value("SELECT COUNT(*) FROM things WHERE _id = 26")).toBe("0");
          expect(
            await database.value(
              "SELECT COUNT(*) FROM firebreak_ledger WHERE part LIKE 'repair/%' AND table_name = 'things'",
            ),
          ).toBe("0");
        });

        test("is rolled back where another row has taken the place of one of its rows", async () => {
          await plant("DELETE FROM things WHERE _id = 26; ALTER TABLE things ADD UNIQUE INDEX (name)");
          await plant("UPDATE things SET name = 'Name 26 \"😀\" \\\\' WHERE _id = 27");
          const repair = await newRepair("things", [missing("26")]);
          const { ending, text } = await apply(repair);
          expect(ending, text).toBe("repair-refused");
          expect(text).toContain("the same key is in the table already");
          expect(await database.value("SELECT COUNT(*) FROM things WHERE _id IN (26, 27)")).toBe("1");
          // Of a repair that has both keys each finds its place.
          expect(await apply(await newRepair("things", [missing("26"), changed("27")]))).toMatchObject({
            ending: "well",
          });
          expect(await checksum()).toMatchObject({ ending: "well" });
        });

        test("killed while a table is under way, leaves it as it was, and run again is exact", async () => {
          await plant("DELETE FROM things WHERE _id < 100; UPDATE words SET n = n + 100");
          const repairFolder = join(place.path, `repair-${randomBytes(6).toString("hex")}`);
          const differences = {
            things: Array.from({ length: 99 }, (_, n) => missing(String(n + 1))),
            words: words.map((word) => changed(latin1(word))),
          };
          await repairOf({ archive, repairFolder, differences });
          // A row that is held keeps the second table's transaction open for as long as the test likes.
          await database.connection.query("START TRANSACTION");
          await database.connection.query("SELECT * FROM words WHERE _id = 'ß' FOR UPDATE");
          const run = start(["load", "--archive", repairFolder], { mysqlUrl: database.url });
          await until("the repair to wait for the row", async () =>
            (await database.otherStatements()).some((sql) => /^DELETE .*`words`/s.test(sql ?? "")),
          );
          run.kill("SIGKILL");
          await run;
          await database.connection.query("COMMIT");
          await until(
            "the session of the killed run to end",
            async () => (await database.otherStatements()).length === 0,
          );
          expect(await database.value("SELECT COUNT(*) FROM words WHERE n < 100")).toBe("0");
          const { ending, text } = await apply(repairFolder);
          expect(text).toContain("Going on with this repair: 1 table right already");
          expect(ending, text).toBe("well");
          expect(await checksum()).toMatchObject({ ending: "well" });
        });

        describe("is refused, and nothing is changed,", () => {
          let repair: string;
          beforeEach(async () => {
            await plant("DELETE FROM things WHERE _id = 26");
            repair = await newRepair("things", [missing("26")]);
          });

          async function refusedAs(saying: RegExp, url = database.url): Promise<void> {
            const { ending, text } = await repaired(repair, url);
            expect(text).toMatch(saying);
            expect(ending, text).toBe("load-refused");
            expect(await database.value("SELECT COUNT(*) FROM things WHERE _id = 26")).toBe("0");
          }

          test("by a database that the archive was never loaded into", async () => {
            await using other = await sqlDatabase(server, ownName("elsewhere"));
            await refusedAs(/table things has 0 of the 1 part in firebreak_ledger/, other.url);
            expect(await other.tables()).toEqual([]);
          });

          test("by a table whose ledger names another archive's rows", async () => {
            await plant(
              "UPDATE firebreak_ledger SET plain_sha256 = REPEAT('0', 64) WHERE table_name = 'things'",
            );
            await refusedAs(/rows of another archive.*things\/00000/);
          });

          test("by a table whose ledger lacks a part", async () => {
            await plant("DELETE FROM firebreak_ledger WHERE table_name = 'things'");
            await refusedAs(/0 of the 1 part/);
          });

          test("by a table that is gone", async () => {
            await plant("RENAME TABLE things TO things_away");
            const { ending, text } = await apply(repair);
            expect(ending, text).toBe("load-refused");
            expect(text).toContain("there is no table things");
            await plant("RENAME TABLE things_away TO things");
          });

          test("by a table that has other columns", async () => {
            await plant("ALTER TABLE things ADD COLUMN more INT NULL");
            await refusedAs(/things has other columns/);
          });

          test("by a table that could not be rolled back", async () => {
            await plant("ALTER TABLE things ENGINE=MyISAM");
            await refusedAs(/ENGINE=InnoDB/);
          });

          test("by a table whose rows others hang on, which would go with them", async () => {
            await plant(
              "CREATE TABLE bills (thing INT, FOREIGN KEY bills_things (thing) REFERENCES things (_id) ON DELETE CASCADE) ENGINE=InnoDB",
            );
            await refusedAs(/rows of other tables would go.*foreign keys/);
            await plant("DROP TABLE bills");
          });

          test("by a table that has triggers", async () => {
            await plant("CREATE TRIGGER things_out AFTER DELETE ON things FOR EACH ROW SET @gone = OLD._id");
            await refusedAs(/things has triggers.*things_out/);
          });

          test("when a byte of it was changed", async () => {
            const file = join(repair, "rows", "00000.csv.zst");
            const bytes = await readFile(file);
            bytes[bytes.length - 1]! ^= 1;
            await writeFile(file, bytes);
            const { ending, text } = await apply(repair);
            expect(ending, text).toBe("file-hash");
            expect(text).toContain("rows/00000.csv.zst");
            expect(await database.value("SELECT COUNT(*) FROM things WHERE _id = 26")).toBe("0");
          });
        });
      });
    });
  }
});
