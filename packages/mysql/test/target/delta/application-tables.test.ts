import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, ownName, sqlDatabase } from "@firebreak/testing/servers/databases";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { collections, thing } from "@firebreak/testing/deltas/delta-cases";
import { HandMadeChain } from "@firebreak/testing/deltas/hand-made-chain";

const { isLacking, why } = lacking("mongodb", "mariadb");
test.skipIf(isLacking)(
  `an application's own tables are changed and emptied, and never made or dropped${why}`,
  async () => {
    await using place = await folder();
    await using database = await sqlDatabase("mariadb", ownName("given"));
    const chain = await HandMadeChain.of(
      await makeArchive(place.path, { database: ownName("given"), collections }),
    );
    const load = async (archive: string): Promise<void> => {
      const ended = await loaded(archive, database.url);
      expect(ended.ending, ended.text).toBe("well");
    };
    await well(loaded(chain.full, database.url));
    for (const sql of [
      "CREATE TABLE flyway_schema_history (installed_rank INT PRIMARY KEY, version VARCHAR(50), success TINYINT)",
      "INSERT INTO flyway_schema_history VALUES (1, '70', 1)",
      // What no table of ours has.
      "ALTER TABLE things ADD COLUMN theirs INT DEFAULT 5",
      "ALTER TABLE words ADD COLUMN theirs INT DEFAULT 5",
    ])
      await database.connection.query(sql);
    const table = { isGiven: true, createTable: "" } as const;
    await load(
      await chain.delta({
        things: { upserts: [thing(1, "one"), thing(200, "new")], deletes: [["2"]], table },
        words: { change: "whole", upserts: [["z", "26"]], table },
        doomed: { change: "dropped", table },
      }),
    );
    expect(await database.value("SELECT COUNT(*) FROM things WHERE theirs = 5")).toBe("100");
    expect(await database.value("SELECT name FROM things WHERE _id = 1")).toBe("one");
    expect(await database.value("SELECT GROUP_CONCAT(_id) FROM words WHERE theirs = 5")).toBe("z");
    expect(await database.value("SELECT COUNT(*) FROM doomed")).toBe("0");
    // Rows of others keep a table from being emptied.
    await database.connection.query("INSERT INTO words (_id, n) VALUES ('theirs', 1)");
    const whole = await chain.delta({ words: { change: "whole", table } });
    const refused = await loaded(whole, database.url);
    expect(refused.text).toContain("table words has 1 rows that no load of ours put there");
    expect(refused.ending, refused.text).toBe("load-refused");
    await database.connection.query("DELETE FROM words WHERE _id = 'theirs'");
    await load(whole);
    expect(await database.value("SELECT COUNT(*) FROM words")).toBe("0");
  },
);
