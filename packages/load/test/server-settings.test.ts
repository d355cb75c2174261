import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServers, type Servers } from "../../../scripts/servers/servers.ts";
import { folder } from "../../cli/test/support/archives.ts";
import {
  lacking,
  ownName,
  sqlDatabaseAt,
  SQL_SERVERS,
  type SqlDatabase,
} from "../../cli/test/support/databases.ts";
import { firebreak, mustEndWell } from "../../cli/test/support/firebreak.ts";
import { smallArchive } from "./small-archive.ts";

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking("mongodb", server);
  describe.skipIf(isLacking)(`a ${server} with settings that a load cannot work with${why}`, () => {
    let place: Awaited<ReturnType<typeof folder>>;
    let servers: Servers<"mysql" | "mariadb">;
    let archive: string;
    let database: SqlDatabase;
    beforeAll(async () => {
      place = await folder();
      servers = (await startServers([server])) as Servers<"mysql" | "mariadb">;
      archive = await smallArchive(place.path);
      database = await sqlDatabaseAt(servers[server].url, ownName("settings"));
    });
    afterAll(async () => {
      await database[Symbol.asyncDispose]();
      await servers.stopAll();
      await place[Symbol.asyncDispose]();
    });

    async function refusal(on: string, off: string): Promise<string> {
      await database.connection.query(on);
      try {
        const { exitCode, stderr } = await firebreak(["load", "--archive", archive], {
          mysqlUrl: database.url,
        });
        expect(exitCode).toBe(6);
        return stderr;
      } finally {
        await database.connection.query(off);
        expect(await database.tables()).toEqual([]);
      }
    }

    test("with local_infile off is told how to turn it on", async () => {
      const said = await refusal("SET GLOBAL local_infile = OFF", "SET GLOBAL local_infile = ON");
      expect(said).toContain("SET GLOBAL local_infile = ON");
    });

    test("that is read-only is not written to", async () => {
      expect(await refusal("SET GLOBAL read_only = ON", "SET GLOBAL read_only = OFF")).toContain("read-only");
    });

    test.skipIf(server === "mariadb")(
      `that is read-only for everybody is not written to${server === "mariadb" ? " (skipped: MariaDB has no super_read_only)" : ""}`,
      async () => {
        const said = await refusal("SET GLOBAL super_read_only = ON", "SET GLOBAL read_only = OFF");
        expect(said).toContain("read-only");
      },
    );

    test("and is loaded when they are mended, whatever else its defaults are", async () => {
      await database.connection.query("SET GLOBAL sql_mode = ''");
      await database.connection.query("SET GLOBAL time_zone = '+09:30'");
      await database.connection.query("SET GLOBAL autocommit = 0");
      await mustEndWell(["load", "--archive", archive], { mysqlUrl: database.url });
      await mustEndWell(["checksum", "--archive", archive], { mysqlUrl: database.url });
    });
  });
}
