import { access } from "node:fs/promises";
import { join } from "node:path";
import { Binary, Double, Int32 } from "bson";
import { listFolder, readTransformed } from "@firebreak/archive";
import type { Document } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MysqlSession, mysqlTarget } from "../../../mysql/src/driver/connect.ts";
import { rowDifferences } from "../../../mysql/src/target/checksum/row-differences.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { mysqlTablesOf } from "@firebreak/testing/archives/manifest-entries";
import {
  asUser,
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { differencesOf, fileOf } from "../differences-of.ts";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { checked } from "@firebreak/testing/recipes/checked";

const ROW_COUNT = 3000;

function* rows(): Generator<Document> {
  for (let n = 1; n <= ROW_COUNT; n++)
    yield {
      _id: new Int32(n),
      name: `Name ${n}`,
      blank: n % 2 === 0 ? "" : null,
      body: new Binary(Buffer.from(`body ${n}`)),
      ratio: new Double(n / 7),
      at: new Date(1_700_000_000_000 + n),
    };
}

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`checksum${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = await makeArchive(place.path, {
      database: ownName("differ"),
      collections: { things: rows(), others: [{ _id: 1 }] },
    });
    // The changes below speak of columns by these names.
    const things = (await mysqlTablesOf(archive)).find(({ table }) => table === "things");
    expect(things?.columns.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["_id", "name", "blank", "body", "ratio", "at"]),
    );
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`on ${server}${why}`, () => {
      let database: SqlDatabase;
      beforeAll(async () => {
        database = await sqlDatabase(server, ownName("differ"));
        await well(loaded(archive, database.url));
        await database.connection.query("CREATE TABLE things_kept AS SELECT * FROM things");
      });
      afterAll(() => database[Symbol.asyncDispose]());

      async function restore(): Promise<void> {
        await database.connection.query("DELETE FROM things");
        await database.connection.query("INSERT INTO things SELECT * FROM things_kept");
      }

      test("finds equal what was put back as it was", async () => {
        await restore();
        await well(checked(archive, database.url));
      });

      test("of a table that is emptied shows twenty rows, and writes all of them to the file", async () => {
        await database.connection.query("DELETE FROM things");
        try {
          const { ending, text } = await checked(archive, database.url);
          expect(ending, text).toBe("unequal");
          expect(text).toContain("Table things differs: 3,000 missing, 0 extra, 0 changed.");
          expect(text.match(/^ {2}missing {2}_id \d+/gm)).toHaveLength(20);
          expect(text).toContain("… and 2,980 more");
          expect(text).toContain(fileOf(archive));
          const keys = (await differencesOf(archive)).map(({ key }) => Number(key[0]));
          expect(keys.sort((a, b) => a - b)).toEqual(Array.from({ length: ROW_COUNT }, (_, n) => n + 1));
        } finally {
          await restore();
        }
      });

      test("finds equal what is equal again, and takes the file of earlier differences away", async () => {
        await database.connection.query("DELETE FROM things WHERE _id = 1");
        try {
          expect((await checked(archive, database.url)).ending).toBe("unequal");
          expect(await differencesOf(archive)).toHaveLength(1);
        } finally {
          await restore();
        }
        await well(checked(archive, database.url));
        await expect(access(fileOf(archive))).rejects.toThrow("ENOENT");
      });

      test("sees every row changed, added and gone, however few of them it holds at once", async () => {
        await database.connection.query("UPDATE things SET name = CONCAT(name, '!') WHERE _id % 3 = 0");
        await database.connection.query("DELETE FROM things WHERE _id % 3 = 1");
        await database.connection.query("UPDATE things SET _id = _id + 10000 WHERE _id % 3 = 2");
        const manifest = await readTransformed(
          join(archive, "mysql"),
          (await listFolder(archive, "firebreak-archive")).sha256,
        );
        const table = manifest!.tables.find((t) => t.table === "things")!;
        const session = await MysqlSession.open(mysqlTarget(database.url));
        try {
          const found: string[] = [];
          const place = { folder: join(archive, "mysql") };
          for await (const d of rowDifferences(session, place, database.name, table, 100))
            found.push(
              `${d.kind} ${d.key.join()}${d.kind === "changed" ? ` ${d.columns.map((c) => c.name).join()}` : ""}`,
            );
          const ids = Array.from({ length: ROW_COUNT }, (_, n) => n + 1);
          const wanted = ids.flatMap((id) =>
            id % 3 === 0
              ? [`changed ${id} name`]
              : id % 3 === 1
                ? [`missing ${id}`]
                : [`missing ${id}`, `extra ${id + 10000}`],
          );
          expect(found.sort()).toEqual(wanted.sort());
        } finally {
          await session.close();
          await restore();
        }
      });

      test("finds text equal that the target keeps in another character set", async () => {
        await database.connection.query("ALTER TABLE things MODIFY name VARCHAR(64) CHARACTER SET utf16");
        try {
          await well(checked(archive, database.url));
          await database.connection.query("UPDATE things SET name = 'Näme 5' WHERE _id = 5");
          const { text } = await checked(archive, database.url);
          expect(text).toContain('expected "Name 5"');
          expect(text).toContain('found "Näme 5"');
        } finally {
          await database.connection.query("ALTER TABLE things MODIFY name VARCHAR(64) CHARACTER SET utf8mb4");
          await restore();
        }
      });

      test("finds a table missing, and still compares the others", async () => {
        await database.connection.query("RENAME TABLE others TO others_away");
        try {
          const ended = await checked(archive, database.url);
          expect(ended.ending, ended.text).toBe("unequal");
          expect(ended.text).toContain("others");
          const summary = JSON.stringify(ended.accounts);
          expect(summary).toMatch(/"table":"things"[^}]*"equal":true/);
          expect(summary).toMatch(/"table":"others"[^}]*"equal":false/);
        } finally {
          await database.connection.query("RENAME TABLE others_away TO others");
        }
      });

      test("finds a column missing to be a difference or a refusal, in a sentence", async () => {
        await database.connection.query("ALTER TABLE things RENAME COLUMN ratio TO ratio_away");
        try {
          const { ending, text } = await checked(archive, database.url);
          expect(ending, text).toBe("unequal");
          expect(text).toContain("ratio");
          expect(text).not.toContain("should not");
        } finally {
          await database.connection.query("ALTER TABLE things RENAME COLUMN ratio_away TO ratio");
        }
      });

      test("needs no more than SELECT", async () => {
        const user = `f_reader_${process.pid}`;
        await database.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'right'`);
        try {
          await database.connection.query(`GRANT SELECT ON \`${database.name}\`.* TO '${user}'@'%'`);
          await well(checked(archive, asUser(database.url, user, "right")));
        } finally {
          await database.connection.query(`DROP USER '${user}'@'%'`);
        }
      });

      test("of an archive that was not transformed is refused with what to do", async () => {
        await using other = await folder();
        const untransformed = await makeArchive(other.path, {
          database: ownName("untransformed"),
          collections: { c: [{ _id: 1 }] },
          isTransformed: false,
        });
        const { ending, text } = await checked(untransformed, database.url);
        expect(ending, text).toBe("archive-incomplete");
        expect(text).toMatch(/transform/);
      });
    });
  }
});
