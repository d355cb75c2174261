import { Int32 } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServers, type Servers } from "../../../../../scripts/servers/servers.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { well, type Outcome } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import {
  lacking,
  ownName,
  sqlDatabaseAt,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { checked } from "@firebreak/testing/recipes/checked";
import { loaded } from "@firebreak/testing/recipes/loaded";

const MIB = 1024 * 1024;

/** NULs take six bytes each as text: a document of 10 MiB becomes a value of 60 MiB. */
const VALUE = "\0".repeat(10 * MIB);

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking("mongodb", server);
  describe.skipIf(isLacking)(`a value of 60 MiB for ${server}${why}`, () => {
    let place: Awaited<ReturnType<typeof folder>>;
    let servers: Servers<"mysql" | "mariadb">;
    let archive: string;
    let database: SqlDatabase;
    beforeAll(async () => {
      place = await folder();
      servers = (await startServers([server])) as Servers<"mysql" | "mariadb">;
      archive = await makeArchive(place.path, {
        database: ownName("large"),
        collections: { large: [{ _id: new Int32(1), inner: { value: VALUE } }] },
      });
    });
    afterAll(async () => {
      await servers.stopAll();
      await place[Symbol.asyncDispose]();
    });

    async function withLimit(mib: number): Promise<Outcome> {
      database = await sqlDatabaseAt(servers[server].url, ownName("large"));
      await database.connection.query(`SET GLOBAL max_allowed_packet = ${mib * MIB}`);
      return loaded(archive, database.url);
    }

    test("is refused beforehand where max_allowed_packet is 16 MiB, and nothing is written", async () => {
      const { ending, text } = await withLimit(16);
      expect(ending, text).toBe("load-refused");
      expect(text).toContain("max_allowed_packet");
      expect(await database.tables()).toEqual([]);
    });

    for (const mib of [64, 1024])
      test(`arrives whole where max_allowed_packet is ${mib} MiB`, async () => {
        const { ending, text } = await withLimit(mib);
        expect(ending, text).toBe("well");
        expect(await database.value("SELECT COUNT(*) FROM large WHERE `inner` IS NOT NULL")).toBe("1");
        await well(checked(archive, database.url));
      });
  });
}
