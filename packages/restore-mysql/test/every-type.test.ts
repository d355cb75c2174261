import { join } from "node:path";
import { restoredToMysql } from "@firebreak/testing/recipes/restored";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readMysqlManifest, readPart } from "@firebreak/archive";
import { allowancesToWrite, insertRows, MysqlSession, mysqlTarget } from "@firebreak/mysql";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  urlOf,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { fillTable, typeCases } from "@firebreak/testing/tables/every-type";
import { contentOf, rowsOf } from "@firebreak/testing/tables/table-content";

const ROWS = 1000;

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`every type of ${server}, to an archive and back${why}`, () => {
    let source: SqlDatabase;
    let target: SqlDatabase;
    let work: Awaited<ReturnType<typeof folder>>;
    let archive: string;
    let expected: (string | null)[][] = [];
    let found: (string | null)[][] = [];
    const cases = typeCases(server);
    beforeAll(async () => {
      source = await sqlDatabase(server, ownName("types"));
      target = await sqlDatabase(server, ownName("types_again"));
      await target.connection.query(`DROP DATABASE \`${target.name}\``);
      await source.connection.query(
        "SET SESSION sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO', SESSION time_zone = '+00:00'",
      );
      await fillTable(source.connection, "every_type", cases, ROWS);
      work = await folder();
      archive = join(work.path, "archive");
      await well(exported(archive, source.url));
    });
    afterAll(async () => {
      await work[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
      await target[Symbol.asyncDispose]();
    });

    /** Each row's cells, the key first. */
    const cellsIn = async (database: string): Promise<(string | null)[][]> =>
      (await rowsOf(source.connection, database, "every_type")).map(
        (row) => JSON.parse(row) as (string | null)[],
      );

    test("is restored with all rows, equal by digest", async () => {
      const restored = await restoredToMysql(archive, urlOf(server), {
        renames: [`${source.name}=${target.name}`],
      });
      expect(restored.ending, restored.text).toBe("well");
      expect(restored.accounts).toMatchObject([
        { tables: [{ rows: ROWS, loaded: ROWS, quarantined: 0, digested: ROWS, equal: true }] },
      ]);
      [expected, found] = [await cellsIn(source.name), await cellsIn(target.name)];
    });

    test.each(cases.map(({ type }, i) => ({ type, i })))(
      "$type has its thousand values again, byte for byte",
      ({ i }) => {
        const values = (rows: readonly (string | null)[][]) => rows.map((cells) => [cells[0], cells[i + 1]]);
        expect(expected).toHaveLength(ROWS);
        expect(values(found)).toEqual(values(expected));
      },
    );

    test("comes the same by INSERT, for servers that forbid LOAD DATA LOCAL", async () => {
      const mysql = join(archive, "mysql");
      const [table] = (await readMysqlManifest(mysql)).manifest.tables;
      await source.connection.query(
        `CREATE TABLE \`${target.name}\`.inserted LIKE \`${target.name}\`.every_type`,
      );
      const session = await MysqlSession.open(mysqlTarget(urlOf(server, target.name)));
      try {
        await session.allow(allowancesToWrite(table!));
        for (const part of table!.parts) {
          const to = { target: "inserted", columns: table!.columns, file: part.file };
          const rows = readPart(join(mysql, part.file), part.file, part, {});
          expect(await insertRows(session, to, rows)).toMatchObject({ records: part.lineCount, warnings: 0 });
        }
      } finally {
        await session.close();
      }
      expect(await rowsOf(source.connection, target.name, "inserted")).toEqual(
        await rowsOf(source.connection, source.name, "every_type"),
      );
    });

    test("has the very same CREATE TABLE", async () => {
      const table = async (database: string) =>
        (await contentOf(source.connection, database)).get("TABLE every_type");
      expect(await table(target.name)).toEqual(await table(source.name));
    });
  });
}
