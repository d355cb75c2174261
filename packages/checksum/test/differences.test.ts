import { Binary, Double, Int32 } from "bson";
import type { Document } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder, makeArchive, mysqlTablesOf } from "../../cli/test/support/archives.ts";
import {
  asUser,
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  type SqlDatabase,
} from "../../cli/test/support/databases.ts";
import { eventsOf, firebreak, mustEndWell } from "../../cli/test/support/firebreak.ts";

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

interface Change {
  readonly title: string;
  /** `#` stands for the column of the mapped field. */
  readonly sql: string;
  readonly kind: "missing" | "extra" | "changed";
  readonly key: string;
  readonly columns: readonly string[];
}

const changes: readonly Change[] = [
  {
    title: "one bit of a blob",
    sql: "UPDATE things SET body = CONCAT(CHAR(ASCII(body) ^ 1), SUBSTRING(body, 2)) WHERE _id = 17",
    kind: "changed",
    key: "17",
    columns: ["body"],
  },
  {
    title: "a trailing space",
    sql: "UPDATE things SET name = CONCAT(name, ' ') WHERE _id = 18",
    kind: "changed",
    key: "18",
    columns: ["name"],
  },
  {
    title: "upper case",
    sql: "UPDATE things SET name = UPPER(name) WHERE _id = 19",
    kind: "changed",
    key: "19",
    columns: ["name"],
  },
  {
    title: "an empty string for NULL",
    sql: "UPDATE things SET blank = '' WHERE _id = 21",
    kind: "changed",
    key: "21",
    columns: ["blank"],
  },
  {
    title: "NULL for an empty string",
    sql: "UPDATE things SET blank = NULL WHERE _id = 22",
    kind: "changed",
    key: "22",
    columns: ["blank"],
  },
  {
    title: "the last bit of a double",
    sql: `UPDATE things SET ratio = ${nextDouble(23 / 7)} WHERE _id = 23`,
    kind: "changed",
    key: "23",
    columns: ["ratio"],
  },
  {
    title: "a millisecond",
    sql: "UPDATE things SET at = at + INTERVAL 1000 MICROSECOND WHERE _id = 24",
    kind: "changed",
    key: "24",
    columns: ["at"],
  },
  {
    title: "two columns at once",
    sql: "UPDATE things SET name = 'x', body = 'y' WHERE _id = 25",
    kind: "changed",
    key: "25",
    columns: ["name", "body"],
  },
  {
    title: "a row that is gone",
    sql: "DELETE FROM things WHERE _id = 26",
    kind: "missing",
    key: "26",
    columns: [],
  },
  {
    title: "a row too many",
    sql: "CREATE TEMPORARY TABLE more AS SELECT * FROM things WHERE _id = 27; UPDATE more SET _id = 90001; INSERT INTO things SELECT * FROM more; DROP TEMPORARY TABLE more",
    kind: "extra",
    key: "90001",
    columns: [],
  },
];

/** The double whose bits are one above. */
function nextDouble(value: number): string {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + 1n);
  return bits.getFloat64(0).toExponential(16);
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
        await mustEndWell(["load", "--archive", archive], { mysqlUrl: database.url });
        await database.connection.query("CREATE TABLE things_kept AS SELECT * FROM things");
      });
      afterAll(() => database[Symbol.asyncDispose]());

      async function restore(): Promise<void> {
        await database.connection.query("DELETE FROM things");
        await database.connection.query("INSERT INTO things SELECT * FROM things_kept");
      }

      test("finds equal what was put back as it was", async () => {
        await restore();
        await mustEndWell(["checksum", "--archive", archive], { mysqlUrl: database.url });
      });

      for (const { title, sql, kind, key, columns } of changes)
        test(`finds ${title}, and names kind, key and columns`, async () => {
          for (const statement of sql.split("; ")) await database.connection.query(statement);
          try {
            const ended = await firebreak(["checksum", "--archive", archive, "--json"], {
              mysqlUrl: database.url,
            });
            expect(ended.exitCode).toBe(4);
            const events = eventsOf(ended);
            expect(events.filter(({ event }) => event === "differences")).toEqual([
              {
                event: "differences",
                table: "things",
                found: expect.objectContaining({ differences: [{ kind, key: [key], columns }] }) as unknown,
              },
            ]);
            expect(events.at(-1)).toMatchObject({ event: "summary", ok: false });
            expect(ended.stderr).toContain(`${kind} row ${key}`);
          } finally {
            await restore();
          }
        });

      test("finds two rows whose values were exchanged, which a sum of columns would not", async () => {
        await database.connection.query(
          "UPDATE things a JOIN things_kept b ON b._id = IF(a._id = 30, 31, 30) SET a.name = b.name WHERE a._id IN (30, 31)",
        );
        try {
          const { exitCode, output } = await firebreak(["checksum", "--archive", archive], {
            mysqlUrl: database.url,
          });
          expect(exitCode).toBe(4);
          expect(output).toContain("changed row 30, in name");
          expect(output).toContain("changed row 31, in name");
        } finally {
          await restore();
        }
      });

      test("of a table that is emptied says so without naming every row", async () => {
        await database.connection.query("DELETE FROM things");
        try {
          const { exitCode, output } = await firebreak(["checksum", "--archive", archive], {
            mysqlUrl: database.url,
          });
          expect(exitCode).toBe(4);
          expect(output).toContain("missing row");
          expect(output.split("missing row").length).toBeLessThan(150);
        } finally {
          await restore();
        }
      });

      test("finds a table missing, and still compares the others", async () => {
        await database.connection.query("RENAME TABLE others TO others_away");
        try {
          const ended = await firebreak(["checksum", "--archive", archive, "--json"], {
            mysqlUrl: database.url,
          });
          expect(ended.exitCode).toBe(4);
          expect(ended.stderr).toContain("others");
          const summary = JSON.stringify(eventsOf(ended).at(-1));
          expect(summary).toMatch(/"table":"things"[^}]*"equal":true/);
          expect(summary).toMatch(/"table":"others"[^}]*"equal":false/);
        } finally {
          await database.connection.query("RENAME TABLE others_away TO others");
        }
      });

      test("finds a column missing to be a difference or a refusal, in a sentence", async () => {
        await database.connection.query("ALTER TABLE things RENAME COLUMN ratio TO ratio_away");
        try {
          const { exitCode, stderr, output } = await firebreak(["checksum", "--archive", archive], {
            mysqlUrl: database.url,
          });
          expect([4, 6]).toContain(exitCode);
          expect(output).toContain("ratio");
          expect(stderr).not.toContain("should not");
        } finally {
          await database.connection.query("ALTER TABLE things RENAME COLUMN ratio_away TO ratio");
        }
      });

      test("needs no more than SELECT", async () => {
        const user = `f_reader_${process.pid}`;
        await database.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'right'`);
        try {
          await database.connection.query(`GRANT SELECT ON \`${database.name}\`.* TO '${user}'@'%'`);
          await mustEndWell(["checksum", "--archive", archive], {
            mysqlUrl: asUser(database.url, user, "right"),
          });
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
        const { exitCode, stderr } = await firebreak(["checksum", "--archive", untransformed], {
          mysqlUrl: database.url,
        });
        expect(exitCode).toBe(5);
        expect(stderr).toMatch(/transform/);
      });
    });
  }
});
