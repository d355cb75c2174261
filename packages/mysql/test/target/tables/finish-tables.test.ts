import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readMysqlManifest } from "@firebreak/archive";
import { benchMessages, fillCollection } from "../../../../../fixtures/src/index.ts";
import { startServers, type Servers } from "../../../../../scripts/servers/servers.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import {
  asUser,
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
  sqlDatabaseAt,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { checked } from "@firebreak/testing/recipes/checked";
import { until } from "@firebreak/testing/servers/until";
import { smallArchive } from "@firebreak/testing/archives/small-archive";

const source = lacking("mongodb");

describe.skipIf(source.isLacking)(`indexes that were being built when the server died${source.why}`, () => {
  const ROW_COUNT = 150_000;
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = join(place.path, "archive");
    await using mongodb = await mongodbDatabase(ownName("killed"));
    const messages = mongodb.db.collection("messages");
    await fillCollection(messages, benchMessages({ seed: 5, count: ROW_COUNT }));
    await messages.createIndexes([
      { key: { _dt: 1 } },
      { key: { _from: 1, _dt: 1 } },
      { key: { _searchable_key: 1 } },
    ]);
    await well(exported(archive, mongodb.url));
    await well(transformed(archive));
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    test.skipIf(isLacking)(`are found and finished on ${server}${why}`, async () => {
      const servers = (await startServers([server])) as Servers<"mysql" | "mariadb">;
      try {
        const { url } = servers[server];
        const name = ownName("killed");
        const before = await sqlDatabaseAt(url, name);
        // A server that dies under a connection is what this test is about.
        before.connection.on("error", () => undefined);
        const run = loaded(archive, before.url);
        await until("an index being built", async () =>
          (await before.otherStatements()).some((sql) => sql?.startsWith("ALTER TABLE")),
        );
        await servers[server].kill();
        expect((await run).ending).toBe("mysql-lost");
        before.connection.destroy();
        await servers[server].restart();

        const mysqlUrl = `${url}/${name}`;
        const { text } = await well(loaded(archive, mysqlUrl));
        expect(text).toContain("Going on");
        await well(checked(archive, mysqlUrl));
        await using look = await sqlDatabaseAt(url, ownName("look"));
        const { manifest } = await readMysqlManifest(join(archive, "mysql"));
        for (const { indexes } of manifest.tables)
          for (const index of indexes)
            expect(
              await look.value(
                `SELECT COUNT(DISTINCT index_name) FROM information_schema.statistics WHERE table_schema = '${name}' AND index_name = '${index.name}'`,
              ),
            ).toBe("1");
        expect(await look.value(`SELECT COUNT(*) FROM \`${name}\`.messages`)).toBe(String(ROW_COUNT));
        const [check] = (await look.connection.query(`CHECK TABLE \`${name}\`.messages`))[0] as {
          Msg_text: string;
        }[];
        expect(check?.Msg_text).toBe("OK");
      } finally {
        await servers.stopAll();
      }
    });
  }
});

describe.skipIf(source.isLacking)(`the indexes of a loaded table${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = join(place.path, "archive");
    await using mongodb = await mongodbDatabase(ownName("indexes"));
    const people = mongodb.db.collection("people");
    await people.insertMany(Array.from({ length: 50 }, (_, n) => ({ name: `Person ${n}`, n, age: n % 7 })));
    await people.createIndexes([
      { key: { n: 1 }, unique: true },
      { key: { name: 1, age: -1 }, name: 'a `strange` "name"' },
      { key: { age: 1 } },
    ]);
    await well(exported(archive, mongodb.url));
    await well(transformed(archive));
  });
  afterAll(() => place[Symbol.asyncDispose]());

  const INDEXES = "PRIMARY _id 0; a__strange___name_ name 1; a__strange___name_ age 1; age_1 age 1; n_1 n 0";
  const indexesOf = async (database: SqlDatabase): Promise<string> =>
    database.value(
      `SELECT GROUP_CONCAT(CONCAT(index_name, ' ', column_name, ' ', non_unique) ORDER BY BINARY index_name, seq_in_index SEPARATOR '; ')
       FROM information_schema.statistics WHERE table_schema = '${database.name}' AND table_name = 'people'`,
    );

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    test.skipIf(isLacking)(`are the same for a user who may not ALTER it, on ${server}${why}`, async () => {
      await using whole = await sqlDatabase(server, ownName("together"));
      await well(loaded(archive, whole.url));
      expect(await indexesOf(whole)).toBe(INDEXES);
      await using apart = await sqlDatabase(server, ownName("apart"));
      const user = `f_apart_${process.pid}`;
      await apart.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'right'`);
      try {
        await apart.connection.query(
          `GRANT SELECT, INSERT, DELETE, CREATE, INDEX ON \`${apart.name}\`.* TO '${user}'@'%'`,
        );
        await well(loaded(archive, asUser(apart.url, user, "right")));
      } finally {
        await apart.connection.query(`DROP USER '${user}'@'%'`);
      }
      expect(await indexesOf(apart)).toBe(INDEXES);
    });

    test.skipIf(isLacking)(`that are there already are left, on ${server}${why}`, async () => {
      await using database = await sqlDatabase(server, ownName("present"));
      const { manifest } = await readMysqlManifest(join(archive, "mysql"));
      const [people] = manifest.tables;
      await database.connection.query(people!.createTable);
      await database.connection.query(people!.indexes[1]!.statement);
      await well(loaded(archive, database.url));
      expect(await indexesOf(database)).toBe(INDEXES);
    });
  }
});

describe.skipIf(source.isLacking)(`the AUTO_INCREMENT counter of a loaded table${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = await smallArchive(place.path);
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`on ${server}${why}`, () => {
      async function withCounter(stem: string): Promise<SqlDatabase> {
        const database = await sqlDatabase(server, ownName(stem));
        const { manifest } = await readMysqlManifest(join(archive, "mysql"));
        const people = manifest.tables.find((t) => t.table === "people")!;
        await database.connection.query(people.createTable);
        await database.connection.query("ALTER TABLE people MODIFY _id INT NOT NULL AUTO_INCREMENT");
        return database;
      }
      /** The server's own answer: the number that it gives. */
      const nextOf = async (database: SqlDatabase): Promise<string> => {
        await database.connection.query("INSERT INTO people (name) VALUES ('next')");
        return database.value("SELECT MAX(_id) FROM people");
      };

      test("goes on behind the largest value, also where it was further on", async () => {
        await using database = await withCounter("counter");
        await database.connection.query("ALTER TABLE people AUTO_INCREMENT = 5000");
        const { text } = await well(loaded(archive, database.url));
        expect(text).not.toContain("AUTO_INCREMENT");
        expect(await nextOf(database)).toBe("51");
      });

      test("needs no privilege when it is right, and where it cannot be set that is said", async () => {
        const user = `f_counter_${process.pid}`;
        for (const [stem, isFurther] of [
          ["right", false],
          ["further", true],
        ] as const) {
          await using database = await withCounter(stem);
          if (isFurther) await database.connection.query("ALTER TABLE people AUTO_INCREMENT = 5000");
          await database.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'right'`);
          try {
            await database.connection.query(
              `GRANT SELECT, INSERT, DELETE, CREATE, INDEX ON \`${database.name}\`.* TO '${user}'@'%'`,
            );
            const mysqlUrl = asUser(database.url, user, "right");
            const { text } = await well(loaded(archive, mysqlUrl));
            if (isFurther)
              expect(text).toMatch(/_id will go on with 5000.*ALTER TABLE `people` AUTO_INCREMENT = 51/);
            else expect(text).not.toContain("AUTO_INCREMENT");
          } finally {
            await database.connection.query(`DROP USER '${user}'@'%'`);
          }
          expect(await nextOf(database)).toBe(isFurther ? "5000" : "51");
        }
      });
    });
  }
});

describe.skipIf(source.isLacking)(`the statistics of a loaded table${source.why}`, () => {
  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    test.skipIf(isLacking)(`are made at once, on ${server}${why}`, async () => {
      await using place = await folder();
      const archive = await smallArchive(place.path);
      await using database = await sqlDatabase(server, ownName("statistics"));
      // With this setting the server would make statistics by itself, some time later.
      await database.connection.query("SET GLOBAL innodb_stats_auto_recalc = OFF");
      try {
        await well(loaded(archive, database.url));
      } finally {
        await database.connection.query("SET GLOBAL innodb_stats_auto_recalc = ON");
      }
      const known = `SELECT n_rows FROM mysql.innodb_table_stats WHERE database_name = '${database.name}' AND table_name = 'people'`;
      expect(await database.value(known)).toBe(await database.value("SELECT COUNT(*) FROM people"));
    });
  }
});
