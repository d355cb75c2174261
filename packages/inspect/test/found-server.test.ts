import { describe, expect, test } from "vitest";
import { lacking, mongodbDatabase, ownName, sqlDatabase, urlOf } from "@firebreak/testing/servers/databases";
import { foundServer } from "../src/found-server.ts";

const { isLacking, why } = lacking("mongodb", "standalone", "mysql", "mariadb");

describe.skipIf(isLacking)(`what a connection shows${why}`, () => {
  test.each(["mysql", "mariadb"] as const)("of %s: the tables of the URL's database", async (server) => {
    await using database = await sqlDatabase(server, ownName("found"));
    const found = () => foundServer("mysql", database.url);
    expect(await found()).toMatchObject({ database: database.name, databaseCount: 1, itemCount: 0 });
    await database.connection.query("CREATE TABLE one (id INT)");
    await database.connection.query("CREATE VIEW two AS SELECT id FROM one");
    expect(await found()).toMatchObject({ kind: "mysql", databaseCount: 1, itemCount: 2 });
    const all = await foundServer("mysql", urlOf(server));
    expect(all.database).toBeUndefined();
    expect(all.databaseCount).toBeGreaterThanOrEqual(1);
    expect(all.itemCount).toBeGreaterThanOrEqual(2);
  });

  test.each([
    ["mongodb", true],
    ["standalone", false],
  ] as const)(
    "of %s: the collections of the URL's database, without the server's own",
    async (server, isReplicaSet) => {
      await using database = await mongodbDatabase(ownName("found"), server);
      await database.db.createCollection("one");
      await database.db.createCollection("two", { viewOn: "one", pipeline: [] });
      const found = await foundServer("mongodb", database.url);
      expect(found).toMatchObject({ kind: "mongodb", isReplicaSet, databaseCount: 1, itemCount: 2 });
      const all = await foundServer("mongodb", urlOf(server));
      expect(all.database).toBeUndefined();
      expect(all.itemCount).toBeGreaterThanOrEqual(2);
    },
  );

  test("a server that refuses is a fault that names it", async () => {
    await expect(foundServer("mysql", "mysql://root@127.0.0.1:1/x")).rejects.toMatchObject({
      code: "mysql-unreachable",
      fields: { server: "127.0.0.1:1" },
    });
  });
});
