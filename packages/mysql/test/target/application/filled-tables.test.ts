import { describe, expect, test } from "vitest";
import { MysqlSession, mysqlTarget, targetFacts } from "@firebreak/mysql";
import { lacking, ownName, sqlDatabase, SQL_SERVERS } from "@firebreak/testing/servers/databases";

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`on ${server}${why}`, () => {
    // Fifty tables are asked for at once.
    test.each([0, 1, 49, 50, 51])(
      "of %i tables those with rows are found, the last ones too",
      async (count) => {
        await using database = await sqlDatabase(server, ownName("filled"));
        const names = Array.from({ length: count }, (_, i) => `t${String(i).padStart(2, "0")}`);
        for (const name of names) await database.connection.query(`CREATE TABLE ${name} (a INT PRIMARY KEY)`);
        const filled = [names[0], names[48], names.at(-2), names.at(-1)].filter((name) => name !== undefined);
        for (const name of new Set(filled)) await database.connection.query(`INSERT INTO ${name} VALUES (1)`);
        const session = await MysqlSession.open(mysqlTarget(database.url));
        try {
          const facts = await targetFacts(session, database.name, undefined);
          expect(facts.filled).toEqual([...new Set(filled)].toSorted());
        } finally {
          await session.close();
        }
      },
    );
  });
}
