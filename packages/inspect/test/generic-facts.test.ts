import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readMysqlManifest } from "../../archive/src/index.ts";
import { writeArchive } from "@firebreak/testing/archives/write-archive";
import { folder } from "@firebreak/testing/archives/folder";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { writeDelta } from "@firebreak/testing/deltas/write-delta";

const line = (id: number, name: string, price: string, n: string): string =>
  `{"_id":{"$numberInt":"${id}"},"name":"${name}","price":{"$numberDecimal":"${price}"},"n":${n}}`;

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`columns that somebody made wider on ${server}${why}`, () => {
    let place: Awaited<ReturnType<typeof folder>>;
    let database: SqlDatabase;
    let facts: string;
    const at = (name: string): string => join(place.path, name);
    const columnsOf = async (archive: string): Promise<string[]> =>
      (await readMysqlManifest(join(archive, "mysql"))).manifest.tables[0]!.columns.map((c) => c.sqlType);
    beforeAll(async () => {
      place = await folder();
      facts = at("facts.json");
      database = await sqlDatabase(server, ownName("genericfacts"));
      await mkdir(at("full"));
      const lines = [line(1, "one", "1.25", '{"$numberInt":"1"}')];
      await writeArchive(at("full"), [{ collection: "things", parts: [lines] }]);
    });
    afterAll(async () => {
      await database[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    test("are described as they are now, and used by a transform of the whole", async () => {
      await mustEndWell(["transform", "--archive", at("full")]);
      expect(await columnsOf(at("full"))).toEqual(["int", "varchar(16)", "decimal(11,2)", "int", "longtext"]);
      const { manifest } = await readMysqlManifest(join(at("full"), "mysql"));
      await database.connection.query(manifest.tables[0]!.createTable);
      await database.connection.query(
        "ALTER TABLE things MODIFY name VARCHAR(300), MODIFY price DECIMAL(20,2)",
      );
      const inspected = await firebreak(["inspect", "--target-facts", facts], { mysqlUrl: database.url });
      expect(inspected.exitCode, inspected.output).toBe(0);
      expect(inspected.output).toContain("No chat server's tables are among them.");
      await mustEndWell(["transform", "--archive", at("full"), "--target-facts", facts]);
      expect(await columnsOf(at("full"))).toEqual([
        "int",
        "varchar(300)",
        "decimal(20,2)",
        "int",
        "longtext",
      ]);
      await mustEndWell(["load", "--archive", at("full")], { mysqlUrl: database.url });
      await mustEndWell(["checksum", "--archive", at("full")], { mysqlUrl: database.url });
    });

    test("take the values of a delta, and nothing is altered", async () => {
      await database.connection.query("ALTER TABLE things MODIFY name TEXT, MODIFY n BIGINT");
      await mustEndWell(["inspect", "--target-facts", facts], { mysqlUrl: database.url });
      await writeDelta(at("delta"), at("full"), [
        {
          collection: "things",
          change: "changed",
          upserts: [line(2, "x".repeat(400), "123456789012345678.25", '{"$numberLong":"5000000000"}')],
        },
      ]);
      const args = ["--archive", at("delta"), "--delta-from", at("full")];
      await mustEndWell(["transform", ...args, "--target-facts", facts]);
      expect(await columnsOf(at("delta"))).toEqual(["int", "text", "decimal(20,2)", "bigint", "longtext"]);
      const loaded = await firebreak(["load", "--archive", at("delta")], { mysqlUrl: database.url });
      expect(loaded.exitCode, loaded.output).toBe(0);
      await mustEndWell(["checksum", "--archive", at("delta")], { mysqlUrl: database.url });
      const [rows] = await database.connection.query<RowDataPacket[]>(
        "SELECT LENGTH(name) AS length, price, CAST(n AS CHAR) AS n, _extra FROM things WHERE _id = 2",
      );
      expect(rows).toEqual([{ length: 400, price: "123456789012345678.25", n: "5000000000", _extra: null }]);
    });

    test("are of a file that must be what inspect writes", async () => {
      const ended = await firebreak([
        "transform",
        "--archive",
        at("full"),
        "--target-facts",
        at("full/manifest.json"),
      ]);
      expect(ended.exitCode).toBe(2);
      expect(ended.output).toContain("file of --target-facts");
    });
  });
}
