import { describe, expect, test } from "vitest";
import { mysqlManifestOf } from "@firebreak/testing/archives/made-manifest";
import { lacking, ownName, sqlDatabase, SQL_SERVERS } from "@firebreak/testing/servers/databases";
import { MysqlSession, mysqlTarget } from "@firebreak/mysql";
import { encodingProblems, textEncodings } from "../src/advice/text-encoding.ts";
import { targetProblems } from "../src/find-problems.ts";
import { adviseSettings } from "../src/settings/advise-settings.ts";
import { mysqlSettings } from "../src/settings/mysql-settings.ts";

const TIB = 2 ** 40;
/** More than the largest packet of either server. */
const LARGEST = 2 ** 30;
const manifest = mysqlManifestOf({ tables: [], quarantine: [], listed: [] });

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`the problems of a target on ${server}${why}`, () => {
    test("a small packet and a disk with too little room are found, and a small pool is advised against", async () => {
      await using database = await sqlDatabase(server, ownName(`problems_${server}`));
      const session = await MysqlSession.open(mysqlTarget(database.url));
      try {
        const settings = await mysqlSettings(session);
        const task = { session, settings, manifest, application: undefined };
        const found = await targetProblems({ ...task, neededBytes: 1024 * TIB, largestBytes: LARGEST });
        expect(found).toContainEqual(
          expect.objectContaining({
            code: "packet-small",
            severity: "warn",
            fields: { needed: 2 * LARGEST, limit: Number(settings.value("max_allowed_packet")) },
          }),
        );
        const disk = found.find(({ code }) => code === "disk-small")!;
        expect(disk).toMatchObject({ severity: "stop", fields: { needed: 1024 * TIB } });
        expect(disk.fields).toHaveProperty("free");
        expect(await targetProblems({ ...task, neededBytes: 1, largestBytes: 1 })).toEqual([]);
        const advice = adviseSettings(settings, { targetBytes: TIB, indexBytes: TIB, largestBytes: LARGEST });
        const pool = advice.filter(({ variable }) => variable === "innodb_buffer_pool_size");
        expect(pool.map((one) => one.for)).toEqual(["load", "service"]);
        for (const { value, advised } of pool) expect(Number(advised)).toBeGreaterThan(Number(value));
      } finally {
        await session.close();
      }
    });

    test("a database that encodes text in another way is found, with its tables", async () => {
      await using database = await sqlDatabase(server, ownName(`encoding_${server}`));
      const session = await MysqlSession.open(mysqlTarget(database.url));
      const look = () => textEncodings(session, [database.name, ownName("nowhere")], manifest);
      try {
        const [first, ...others] = await look();
        expect(others).toEqual([]);
        const { declared } = first!;
        const alter = (characterSet: string, collation: string) =>
          database.connection.query(
            `ALTER DATABASE \`${database.name}\` CHARACTER SET ${characterSet} COLLATE ${collation}`,
          );
        await alter(declared.characterSet, declared.collation);
        await database.connection.query("CREATE TABLE fine (a VARCHAR(9), b CHAR(9) CHARACTER SET ascii)");
        expect(encodingProblems(await look())).toEqual([]);
        await database.connection.query("CREATE TABLE narrow (a VARCHAR(9) CHARACTER SET latin1)");
        await alter("utf8mb4", "utf8mb4_general_ci");
        const [problem] = encodingProblems(await look());
        expect(problem).toMatchObject({
          code: "text-encoding",
          severity: "warn",
          fields: { database: database.name, collation: "utf8mb4_general_ci", declared, tables: ["narrow"] },
        });
      } finally {
        await session.close();
      }
    });
  });
}
