import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readMysqlManifest } from "@firebreak/archive";
import { MysqlSession, mysqlTarget, targetFacts } from "@firebreak/mysql";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { chatApplication } from "../../../../profile-wildfirechat/src/target/application.ts";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { loaded, repaired } from "@firebreak/testing/recipes/loaded";
import { checked } from "@firebreak/testing/recipes/checked";
import {
  CHAT_SHAPES,
  chatTarget,
  MESSAGES,
  USER_MESSAGES,
  type ChatShape,
} from "@firebreak/testing/tables/chat-target";
import {
  applicationTablesArchive,
  messageRows,
  userMessageRows,
} from "@firebreak/testing/archives/application-tables";

const { isLacking, why } = lacking("mongodb");
for (const server of SQL_SERVERS) {
  const ofServer = lacking(server);
  describe.skipIf(isLacking || ofServer.isLacking)(
    `tables of a chat server on ${server}${why}${ofServer.why}`,
    () => {
      let database: SqlDatabase;
      let place: Awaited<ReturnType<typeof folder>>;
      let archives = 0;
      beforeAll(async () => {
        place = await folder();
        database = await sqlDatabase(server, ownName("shapes"));
      });
      afterAll(async () => {
        await database[Symbol.asyncDispose]();
        await place[Symbol.asyncDispose]();
      });

      async function archiveFor(shape: ChatShape): Promise<string> {
        await chatTarget(database.connection, shape);
        const session = await MysqlSession.open(mysqlTarget(database.url));
        try {
          const target = await targetFacts(session, database.name, chatApplication);
          return await applicationTablesArchive(`${place.path}/${++archives}`, {
            shape,
            target,
            messages: messageRows(0, 300),
            userMessages: userMessageRows(0, 400),
          });
        } finally {
          await session.close();
        }
      }

      test.each(CHAT_SHAPES)(
        "of the shape '%s' take their rows, in the named columns, and are not altered",
        async (shape) => {
          const archive = await archiveFor(shape);
          const before = await definitions();
          const ended = await well(loaded(archive, database.url));
          expect(ended.accounts).toMatchObject([
            { tables: [{ table: MESSAGES, rows: 300, loaded: 300 }] },
            { tables: [{ table: USER_MESSAGES, rows: 400, loaded: 400 }] },
          ]);
          expect(await definitions()).toEqual(before);
          expect(await database.tables()).toEqual(
            ["firebreak_ledger", "flyway_schema_history", MESSAGES, USER_MESSAGES].sort(),
          );
          expect(await database.value(`SELECT COUNT(DISTINCT id) FROM ${MESSAGES}`)).toBe("300");
          if (shape === "wide")
            expect(
              await database.value(
                `SELECT CONCAT(MIN(site_flag), MAX(site_flag), COUNT(site_note)) FROM ${MESSAGES}`,
              ),
            ).toBe("770");
          const compared = await well(checked(archive, database.url));
          expect(compared.accounts).toMatchObject([
            { tables: [{ digested: 300, equal: true }] },
            { tables: [{ digested: 400, equal: true }] },
          ]);
        },
        60_000,
      );

      test("a row that is changed, and one that is gone, are found and put right, where the table has no unique key", async () => {
        const archive = await archiveFor("old");
        await well(loaded(archive, database.url));
        await database.connection.query(`UPDATE ${USER_MESSAGES} SET _cont_type = 999 WHERE _seq = 10`);
        await database.connection.query(`DELETE FROM ${MESSAGES} ORDER BY _mid LIMIT 1`);
        const repair = `${archive}-repair`;
        const compared = await checked(archive, database.url, {
          repair: { repairFolder: repair, version: "test" },
        });
        expect(compared.ending, compared.text).toBe("unequal");
        const found = compared.events.filter((e) => e.kind === "differences");
        expect(found).toMatchObject([
          { table: MESSAGES, missing: 1, extra: 0, changed: 0 },
          {
            table: USER_MESSAGES,
            missing: 0,
            extra: 0,
            changed: 1,
            keyColumns: [{ name: "_uid" }, { name: "_seq" }],
          },
        ]);
        await well(repaired(repair, database.url));
        await well(checked(archive, database.url));
      }, 60_000);

      test("facts of the community do not fit an old database: the missing column is named", async () => {
        const archive = await archiveFor("community");
        const { manifest } = await readMysqlManifest(`${archive}/mysql`);
        expect(manifest.tables[0]!.columns.map((c) => c.name)).toContain("_to");
        await chatTarget(database.connection, "old");
        const refused = await loaded(archive, database.url);
        expect(refused.ending, refused.text).toBe("load-refused");
        expect(refused.text).toContain(`table ${MESSAGES}: column _to (varchar(64)) is missing`);
        expect(await database.tables()).not.toContain("firebreak_ledger");
      }, 60_000);

      /** But for the counter of a column that the server numbers. */
      async function definitions(): Promise<string[]> {
        const texts: string[] = [];
        for (const table of [MESSAGES, USER_MESSAGES, "flyway_schema_history"]) {
          const [[row]] = await database.connection.query<never[]>(`SHOW CREATE TABLE ${table}`);
          texts.push(String(Object.values(row!)[1]).replace(/ AUTO_INCREMENT=\d+/, ""));
        }
        return texts;
      }
    },
  );
}
