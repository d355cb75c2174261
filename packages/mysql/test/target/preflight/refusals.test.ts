import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well, type Outcome } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import {
  asUser,
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  urlOf,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { checked } from "@firebreak/testing/recipes/checked";
import { smallArchive } from "@firebreak/testing/archives/small-archive";

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`a load that is refused${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let otherPlace: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  let otherArchive: string;
  beforeAll(async () => {
    place = await folder();
    otherPlace = await folder();
    archive = await smallArchive(place.path);
    otherArchive = await makeArchive(otherPlace.path, {
      database: ownName("small"),
      collections: { people: [{ _id: 1, name: "somebody else" }] },
    });
  });
  afterAll(async () => {
    await place[Symbol.asyncDispose]();
    await otherPlace[Symbol.asyncDispose]();
  });

  const load = (url: string, from = archive): Promise<Outcome> => loaded(from, url);

  test.skipIf(lacking("mysql").isLacking)(
    "for a database of MongoDB whose name no MySQL takes, with the way out",
    async () => {
      await using own = await folder();
      const emoji = await makeArchive(own.path, {
        database: `${ownName("named")}_😀`,
        collections: { people: [{ _id: 1 }] },
      });
      const { ending, text } = await load(urlOf("mysql"), emoji);
      expect(ending, text).toBe("load-refused");
      expect(text).toContain("_😀 has an emoji");
      expect(text).toContain("name another in the URL");
      expect(text).not.toContain("CREATE DATABASE");
    },
  );

  test("by a server that is not there ends with 7, its address and a remedy", async () => {
    const { ending, text } = await load("mysql://root:geheim123@127.0.0.1:1/db");
    expect(ending, text).toBe("mysql-unreachable");
    expect(text).toContain("127.0.0.1:1");
    expect(text).toContain("goes on where it stopped");
  });

  test("for a socket that is not there ends with 7", async () => {
    expect(await load("mysql://root@localhost/db?socketPath=/no/such.sock")).toMatchObject({
      ending: "mysql-unreachable",
    });
  });

  test("for a URL of something else is a question of settings", async () => {
    expect(await load("postgres://root@127.0.0.1/db")).toMatchObject({ error: { exitCode: 2 } });
  });

  test("for an option of the URL that is not known, by its name: misspelt it would go on without TLS", async () => {
    expect(await load("mysql://root@127.0.0.1:1/db?sslmode=REQUIRED")).toMatchObject({
      error: { exitCode: 2 },
      text: expect.stringContaining("sslmode") as string,
    });
  });

  for (const server of SQL_SERVERS) {
    const ofServer = lacking(server);
    describe.skipIf(ofServer.isLacking)(`by ${server}${ofServer.why}`, () => {
      let database: SqlDatabase;
      const user = `f_user_${process.pid}`;
      beforeAll(async () => {
        database = await sqlDatabase(server, ownName("refused"));
      });
      afterAll(async () => {
        await database.connection.query(`DROP USER IF EXISTS '${user}'@'%'`);
        await database[Symbol.asyncDispose]();
      });

      /** Runs the test on an empty database: a refused load must not leave a table in it either. */
      async function refusedAs(code: string, saying: string | RegExp, url = database.url): Promise<void> {
        const before = await database.tables();
        const ended = await load(url);
        expect(ended.text).toMatch(saying);
        expect(ended.ending).toBe(code);
        expect(await database.tables()).toEqual(before);
      }

      test("for a database that is missing, with the statement that makes it", async () => {
        await refusedAs("mysql-database-missing", /CREATE DATABASE `f_no_such`/, urlOf(server, "f_no_such"));
      });

      test("for a wrong password, which is not printed", async () => {
        await database.connection.query(`CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY 'right'`);
        await refusedAs("mysql-login", /refused the login/, asUser(database.url, user, "geheim123"));
      });

      test("for a user without privileges, naming what is lacking", async () => {
        await database.connection.query(`CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY 'right'`);
        await database.connection.query(`GRANT SELECT ON \`${database.name}\`.* TO '${user}'@'%'`);
        await refusedAs("load-refused", /INSERT.*CREATE.*INDEX/, asUser(database.url, user, "right"));
      });

      test("but a user with just those privileges may load and compare", async () => {
        await using own = await sqlDatabase(server, ownName("granted"));
        await database.connection.query(`CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY 'right'`);
        await database.connection.query(
          `GRANT SELECT, INSERT, DELETE, CREATE, INDEX ON \`${own.name}\`.* TO '${user}'@'%'`,
        );
        const mysqlUrl = asUser(own.url, user, "right");
        await well(loaded(archive, mysqlUrl));
        await well(checked(archive, mysqlUrl));
      });

      test("for a table in the way, whose rows stay", async () => {
        await database.connection.query("CREATE TABLE people (id INT)");
        await database.connection.query("INSERT INTO people VALUES (1)");
        await refusedAs("load-refused", /table people has rows/);
        expect(await database.value("SELECT COUNT(*) FROM people")).toBe("1");
        await database.connection.query("DELETE FROM people");
        await refusedAs("load-refused", /table people has other columns/);
        await database.connection.query("DROP TABLE people");
      });

      test("for a view in the way", async () => {
        await database.connection.query("CREATE VIEW people AS SELECT 1 AS one");
        await refusedAs("load-refused", /people/);
        await database.connection.query("DROP VIEW people");
      });

      test("for a table that was truncated behind the ledger's back, with the remedy", async () => {
        await using own = await sqlDatabase(server, ownName("truncated"));
        await well(loaded(archive, own.url));
        await own.connection.query("TRUNCATE people");
        const { ending, text } = await load(own.url);
        expect(ending, text).toBe("load-refused");
        expect(text).toContain("DELETE FROM firebreak_ledger WHERE table_name = 'people'");
        expect(await own.value("SELECT COUNT(*) FROM people")).toBe("0");
        // The remedy, done as it says, mends it.
        await own.connection.query("DELETE FROM firebreak_ledger WHERE table_name = 'people'");
        await well(loaded(archive, own.url));
        await well(checked(archive, own.url));
      });

      test("for a target that holds another archive's rows", async () => {
        await using own = await sqlDatabase(server, ownName("other"));
        await well(loaded(otherArchive, own.url));
        const { ending, text } = await load(own.url);
        expect(ending, text).toBe("load-refused");
        expect(text).toContain("another archive");
        expect(await own.value("SELECT COUNT(*) FROM people")).toBe("1");
        // So does this one, and what was there is still there.
        expect(text).toContain("RENAME TABLE `people` TO another name");
        await own.connection.query("RENAME TABLE people TO people_before");
        await own.connection.query("DELETE FROM firebreak_ledger WHERE table_name = 'people'");
        await well(loaded(archive, own.url));
        await well(checked(archive, own.url));
        expect(await own.value("SELECT name FROM people_before")).toBe("somebody else");
      });

      test("all reasons are named at once", async () => {
        await using own = await sqlDatabase(server, ownName("both"));
        for (const table of ["people", "places"]) {
          await own.connection.query(`CREATE TABLE ${table} (id INT)`);
          await own.connection.query(`INSERT INTO ${table} VALUES (1)`);
        }
        const { ending, text } = await load(own.url);
        expect(ending, text).toBe("load-refused");
        expect(text).toMatch(/table people[^]*table places/);
      });
    });
  }
});
