import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readMysqlManifest, type MysqlTable } from "../../../../archive/src/index.ts";
import { copyOf, folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, ownName, sqlDatabase } from "@firebreak/testing/servers/databases";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { collections, thing } from "@firebreak/testing/deltas/delta-cases";
import { HandMadeChain } from "@firebreak/testing/deltas/hand-made-chain";

const WIDEN = "ALTER TABLE `things` MODIFY COLUMN `name` LONGTEXT CHARACTER SET utf8mb4";
const ADD = "ALTER TABLE `things` ADD COLUMN `more` LONGTEXT CHARACTER SET utf8mb4";

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`a delta for which tables must be altered${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let chain: HandMadeChain;
  let things: MysqlTable;
  let delta: string;
  beforeAll(async () => {
    place = await folder();
    chain = await HandMadeChain.of(
      await makeArchive(place.path, { database: ownName("altering"), collections }),
    );
    things = (await readMysqlManifest(join(chain.full, "mysql"))).manifest.tables.find(
      (t) => t.table === "things",
    )!;
    const columns = things.columns.map((c) => (c.name === "name" ? { ...c, sqlType: "longtext" } : c));
    delta = await chain.delta({
      things: {
        upserts: [[...thing(1, "x".repeat(70_000)), null, "more"]],
        table: {
          columns: [...columns, { name: "more", sqlType: "longtext", form: "text" }],
          alter: [WIDEN, ADD],
        },
      },
    });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of ["mysql"] as const) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`on ${server}${why}`, () => {
      test("shows the statements, and runs them with --yes alone, also where it was cut off between them", async () => {
        await using database = await sqlDatabase(server, ownName("altering"));
        await well(loaded(chain.full, database.url));
        const { ending, text } = await loaded(delta, database.url);
        expect(text).toContain(`  ${WIDEN};\n  ${ADD};\nSay --yes`);
        expect(ending, text).toBe("delta-alter");
        const column = "SELECT data_type FROM information_schema.columns WHERE table_schema = DATABASE()";
        expect(await database.value(`${column} AND table_name = 'things' AND column_name = 'name'`)).not.toBe(
          "longtext",
        );
        expect(await database.value("SELECT COUNT(*) FROM firebreak_ledger WHERE part LIKE 'delta/%'")).toBe(
          "0",
        );
        // As a run leaves it that was killed after the last statement.
        await database.connection.query(WIDEN);
        await database.connection.query(ADD);
        await database.connection.query("ALTER TABLE things MODIFY name TEXT CHARACTER SET utf8mb4");
        const ended = await loaded(delta, database.url, { mayAlter: true });
        expect(ended.text).toContain(`Altering: ${WIDEN}`);
        expect(ended.text).not.toContain("ADD COLUMN");
        expect(ended.ending, ended.text).toBe("well");
        expect(await database.value("SELECT LENGTH(name) FROM things WHERE _id = 1")).toBe("70000");
        expect(await database.value("SELECT GROUP_CONCAT(more) FROM things")).toBe("more");
      });

      test("is refused where such a table is an application's own", async () => {
        await using database = await sqlDatabase(server, ownName("givenaltering"));
        const copy = await HandMadeChain.of(await copyOf(chain.full, place.path));
        await well(loaded(copy.full, database.url));
        const given = await copy.delta({
          things: { upserts: [thing(1, "one")], table: { isGiven: true, alter: [WIDEN] } },
        });
        const { ending, text } = await loaded(given, database.url, { mayAlter: true });
        expect(text).toContain("table things is an application's own");
        expect(text).toContain(WIDEN);
        expect(ending, text).toBe("load-refused");
        expect(await database.value("SELECT name FROM things WHERE _id = 1")).toBe("thing 1");
      });
    });
  }
});
