import { Int32 } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServers, type Servers } from "../../../../scripts/servers/servers.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import {
  lacking,
  ownName,
  sqlDatabaseAt,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { checked } from "@firebreak/testing/recipes/checked";
import { differencesOf } from "../differences-of.ts";

const ROW_COUNT = 3000;
const documents = Array.from({ length: ROW_COUNT }, (_, n) => ({ _id: new Int32(n), name: `Name ${n}` }));

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking("mongodb", server);
  describe.skipIf(isLacking)(`a ${server} that cuts answers and ends queries by default${why}`, () => {
    // Of its own: the defaults are of a whole server.
    let servers: Servers<"mysql" | "mariadb">;
    let place: Awaited<ReturnType<typeof folder>>;
    let database: SqlDatabase;
    beforeAll(async () => {
      place = await folder();
      servers = (await startServers([server])) as Servers<"mysql" | "mariadb">;
      database = await sqlDatabaseAt(servers[server].url, ownName("defaults"));
    });
    afterAll(async () => {
      await database[Symbol.asyncDispose]();
      await servers.stopAll();
      await place[Symbol.asyncDispose]();
    });

    test("does not mislead checksum: each row that was changed is found", async () => {
      const archive = await makeArchive(place.path, {
        database: ownName("cut"),
        collections: { things: documents },
      });
      await well(loaded(archive, database.url));
      await database.connection.query("UPDATE things SET name = 'x'");
      const timeLimit = server === "mysql" ? "max_execution_time = 1" : "max_statement_time = 0.001";
      for (const limit of ["sql_select_limit = 100", timeLimit])
        await database.connection.query(`SET GLOBAL ${limit}`);
      const { ending } = await checked(archive, database.url);
      expect(ending).toBe("unequal");
      expect(await differencesOf(archive)).toHaveLength(ROW_COUNT);
    });
  });
}
