import { afterEach, describe, expect, test, vi } from "vitest";
import { MysqlSession } from "@firebreak/mysql";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { collections, thing } from "@firebreak/testing/deltas/delta-cases";
import { HandMadeChain } from "@firebreak/testing/deltas/hand-made-chain";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking, ownName, sqlDatabase, SQL_SERVERS } from "@firebreak/testing/servers/databases";

afterEach(() => vi.restoreAllMocks());

const WRITES = [
  ["deletes a row that the delta deletes", "DELETE FROM things WHERE _id = 7"],
  ["deletes a row that the delta changes", "DELETE FROM things WHERE _id = 3"],
  ["inserts a row that the delta inserts", "INSERT INTO things (_id, name) VALUES (901, 'theirs')"],
] as const;

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking("mongodb", server);
  describe.skipIf(isLacking)(`while a delta is loaded into ${server}, somebody else${why}`, () => {
    test.each(WRITES)("%s: the table is rolled back", async (_, write) => {
      await using place = await folder();
      await using database = await sqlDatabase(server, ownName("meanwhile"));
      const full = await makeArchive(place.path, { database: ownName("meanwhile"), collections });
      const chain = await HandMadeChain.of(full);
      await well(loaded(full, database.url));
      const delta = await chain.delta({
        things: { upserts: [thing(3, "three"), thing(901, "new")], deletes: [["7"]] },
      });
      // oxlint-disable-next-line typescript/unbound-method -- called below with the session as `this`
      const run = MysqlSession.prototype.run;
      let writes = 0;
      vi.spyOn(MysqlSession.prototype, "run").mockImplementation(async function (
        this: MysqlSession,
        ...args
      ) {
        // The tables were counted before.
        if (args[0] === "START TRANSACTION" && writes++ === 0) await database.connection.query(write);
        return run.apply(this, args);
      });
      const { ending, text } = await loaded(delta, database.url);
      expect(ending, text).toBe("delta-rows");
      expect(text).toContain("table things");
      expect(await database.value("SELECT COUNT(*) FROM things WHERE name = 'new'")).toBe("0");
      expect(await database.value("SELECT COUNT(*) FROM firebreak_ledger WHERE part LIKE 'delta%'")).toBe(
        "0",
      );
    });
  });
}
