import { Binary, Int32 } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import {
  asUser,
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { sampled, checked } from "@firebreak/testing/recipes/checked";

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`checksum --sample${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = await makeArchive(place.path, {
      database: ownName("sample"),
      collections: {
        things: Array.from({ length: 30 }, (_, n) => ({
          _id: new Int32(n),
          name: `Name ${n}`,
          body: new Binary(Buffer.from([n])),
          odd: n === 3 ? "text" : new Int32(n),
        })),
        films: [{ _id: "long", film: new Binary(Buffer.alloc(5000, 7)) }],
      },
    });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`on ${server}${why}`, () => {
      let database: SqlDatabase;
      beforeAll(async () => {
        database = await sqlDatabase(server, ownName("sample"));
        await well(loaded(archive, database.url));
      });
      afterAll(() => database[Symbol.asyncDispose]());

      test("shows as many rows as asked for, each beside its own document", async () => {
        const ended = await well(sampled(archive, database.url, 7));
        const samples = ended.events.filter(({ kind }) => kind === "sample");
        expect(samples).toHaveLength(7);
        for (const sample of samples as unknown as Sampled[]) {
          const key = sample.key[0]!.value;
          const id = sample.table === "things" ? { $numberInt: key } : key;
          expect((JSON.parse(sample.document.line) as { _id: unknown })._id).toEqual(id);
          expect(sample.columns.every((c) => c.isEqual)).toBe(true);
        }
        expect(ended.text).toContain("7 of 31 rows");
      });

      test("of all rows shows values in columns, in _extra, and long ones by their beginning", async () => {
        const { text } = await well(sampled(archive, database.url, 100));
        expect(text).toMatch(/^ +name +"Name 3" +"Name 3"$/m);
        expect(text).toMatch(/^ +odd +NULL +"text"$/m);
        expect(text).toMatch(/^ +_extra +"\{"odd":"text"\}"$/m);
        expect(text).toMatch(/^ +film +0x(?:07)+… \(5,000 bytes\) +\{"\$binary"/m);
        expect(text).toContain("31 of 31 rows");
      });

      test("says what is not as the archive says, or not there, and ends with 4", async () => {
        await database.connection.query("UPDATE things SET name = 'x' WHERE _id = 3");
        await database.connection.query("DELETE FROM things WHERE _id = 4");
        const { ending, text } = await sampled(archive, database.url, 100);
        expect(ending, text).toBe("unequal");
        expect(text).toMatch(/^NO +name +"x" +"Name 3"$/m);
        expect(text).toContain("Not as the archive says: name.");
        expect(text).toMatch(/_id 4 .*\n {2}The target has no such row\./);
      });

      test("and the differences need no more than SELECT", async () => {
        const user = `f_sampler_${process.pid}`;
        await database.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'right'`);
        try {
          await database.connection.query(`GRANT SELECT ON \`${database.name}\`.* TO '${user}'@'%'`);
          const mysqlUrl = asUser(database.url, user, "right");
          await database.connection.query("UPDATE things SET name = 'y' WHERE _id = 5");
          await database.connection.query("UPDATE films SET film = CONCAT(film, 'x')");
          const found = await checked(archive, mysqlUrl);
          expect(found.ending, found.text).toBe("unequal");
          expect(found.text).toContain('expected "Name 5"');
          expect(found.text).toContain("(5,001 bytes)");
          const picked = await sampled(archive, mysqlUrl, 100);
          expect(picked.ending, picked.text).toBe("unequal");
          expect(picked.text).toContain("31 of 31 rows");
        } finally {
          await database.connection.query(`DROP USER '${user}'@'%'`);
        }
      });
    });
  }
});

interface Sampled {
  readonly table: string;
  readonly key: readonly { readonly value: string }[];
  readonly columns: readonly { readonly isEqual: boolean }[];
  readonly document: { readonly line: string };
}
