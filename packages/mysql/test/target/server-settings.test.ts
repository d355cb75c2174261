import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServers, type Servers } from "../../../../scripts/servers/servers.ts";
import { copyOf, folder } from "@firebreak/testing/archives/folder";
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
import { plantRows } from "@firebreak/testing/archives/plant-rows";
import { smallArchive } from "@firebreak/testing/archives/small-archive";

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking("mongodb", server);
  describe.skipIf(isLacking)(`a ${server} with settings that a load cannot work with${why}`, () => {
    let place: Awaited<ReturnType<typeof folder>>;
    let servers: Servers<"mysql" | "mariadb">;
    let archive: string;
    let bigPlace: typeof place;
    let bigArchive: string;
    let database: SqlDatabase;
    beforeAll(async () => {
      place = await folder();
      servers = (await startServers([server])) as Servers<"mysql" | "mariadb">;
      archive = await smallArchive(place.path);
      bigPlace = await folder();
      bigArchive = await makeArchive(bigPlace.path, {
        database: ownName("big"),
        collections: { letters: [{ _id: 1, text: "x".repeat(5000) }] },
      });
      database = await sqlDatabaseAt(servers[server].url, ownName("settings"));
    });
    afterAll(async () => {
      await database[Symbol.asyncDispose]();
      await servers.stopAll();
      await place[Symbol.asyncDispose]();
      await bigPlace[Symbol.asyncDispose]();
    });

    async function clear(): Promise<void> {
      for (const table of await database.tables()) await database.connection.query(`DROP TABLE ${table}`);
    }

    async function refusal(on: string, off: string, from = archive): Promise<string> {
      await database.connection.query(on);
      try {
        const { ending, text } = await loaded(from, database.url);
        expect(ending, text).toBe("load-refused");
        return text;
      } finally {
        await database.connection.query(off);
        expect(await database.tables()).toEqual([]);
      }
    }

    test("that is read-only is not written to", async () => {
      const said = await refusal("SET GLOBAL read_only = ON", "SET GLOBAL read_only = OFF");
      expect(said).toMatch(
        /read-only: use the primary's address\. Only where this is no replica, turn read_only off/,
      );
    });

    test.skipIf(server === "mariadb")(
      `that is read-only for everybody is not written to${server === "mariadb" ? " (skipped: MariaDB has no super_read_only)" : ""}`,
      async () => {
        const said = await refusal("SET GLOBAL super_read_only = ON", "SET GLOBAL read_only = OFF");
        expect(said).toContain("turn read_only and super_read_only off");
      },
    );

    const defaults: [name: string, value: string, usual: string][] = [
      ["sql_notes", "0", "1"],
      ["completion_type", "2", "0"],
      ["max_join_size", "1", "DEFAULT"],
    ];
    if (server === "mariadb") defaults.push(["note_verbosity", "''", "'basic,explain'"]);
    test.each(defaults)("whose %s is %s is loaded as any other", async (name, value, usual) => {
      const planted = await copyOf(bigArchive, place.path);
      await plantRows(planted, (rows) => [
        rows[0]!.replace(/"x+"/, `"${" ".repeat(70_000)}"`),
        rows[0]!.replace(/^"1"/, '"2"'),
      ]);
      await database.connection.query(`SET GLOBAL ${name} = ${value}`);
      try {
        const load = await loaded(planted, database.url);
        expect(load.ending, load.text).toBe("short");
        expect(await database.value("SELECT COUNT(*) FROM letters")).toBe("1");
      } finally {
        await database.connection.query(`SET GLOBAL ${name} = ${usual}`);
        await clear();
      }
    });

    test("whose packets are too small for a row is not written to", async () => {
      const said = await refusal(
        "SET GLOBAL max_allowed_packet = 1024",
        "SET GLOBAL max_allowed_packet = 67108864",
        bigArchive,
      );
      expect(said).toMatch(
        /table letters has a value or row of \d+ bytes, above max_allowed_packet \(1024\)/,
      );
    });

    test("with local_infile off gets its rows by INSERT statements, and is told so", async () => {
      await database.connection.query("SET GLOBAL local_infile = OFF");
      try {
        const { text } = await well(loaded(archive, database.url));
        expect(text).toMatch(/local_infile is off.*INSERT statements, about \d times slower/);
        await well(checked(archive, database.url));
        await clear();
        expect(
          await refusal(
            "SET GLOBAL max_allowed_packet = 1024",
            "SET GLOBAL max_allowed_packet = 67108864",
            bigArchive,
          ),
        ).toContain("max_allowed_packet");
      } finally {
        await database.connection.query("SET GLOBAL local_infile = ON");
        await clear();
      }
    });

    test("and is loaded when they are mended, whatever else its defaults are", async () => {
      const isReadOnly = server === "mysql" ? "transaction_read_only" : "tx_read_only";
      const needsKeys = server === "mysql" ? "sql_require_primary_key" : "innodb_force_primary_key";
      await database.connection.query("SET GLOBAL sql_mode = ''");
      await database.connection.query("SET GLOBAL time_zone = '+09:30'");
      await database.connection.query("SET GLOBAL autocommit = 0");
      await database.connection.query(`SET GLOBAL ${needsKeys} = ON`);
      await database.connection.query(`SET GLOBAL ${isReadOnly} = ON`);
      await database.connection.query("SET GLOBAL default_storage_engine = MyISAM");
      await well(loaded(archive, database.url));
      await well(checked(archive, database.url));
    });
  });
}
