import { readdir, rename } from "node:fs/promises";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyOf, folder } from "@firebreak/testing/archives/folder";
import { type Outcome, well } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, ownName, sqlDatabase } from "@firebreak/testing/servers/databases";
import { plantRows } from "@firebreak/testing/archives/plant-rows";
import { collections, thing } from "@firebreak/testing/deltas/delta-cases";
import { HandMadeChain } from "@firebreak/testing/deltas/hand-made-chain";

/** More than the table's column takes. */
const LARGE = "x".repeat(70_000);

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`rows that the target refuses${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let full: string;
  beforeAll(async () => {
    place = await folder();
    full = await makeArchive(place.path, { database: ownName("refusing"), collections });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of ["mariadb"] as const) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`on ${server}${why}`, () => {
      test("of a delta go to quarantine, and in when the cause is mended", async () => {
        const chain = await HandMadeChain.of(await copyOf(full, place.path));
        await using database = await sqlDatabase(server, ownName("refusing"));
        const work = `${chain.full}.work`;
        const load = (archive: string, isReplay = false): Promise<Outcome> =>
          loaded(archive, database.url, { work, isReplay });
        await load(chain.full);
        const delta = await chain.delta({
          things: { upserts: [thing(1, "first"), thing(2, LARGE), thing(300, LARGE), thing(301, "last")] },
        });
        const ended = await load(delta);
        expect(ended.ending, ended.text).toBe("short");
        const table = { table: "things", upserts: 4, deletes: 0, loaded: 2, quarantined: 2 };
        expect(ended.accounts).toMatchObject([{ tables: [table] }]);
        expect(ended.text).toContain("The target refused 2 rows of things/00000.csv.zst for table things");
        expect(await database.value("SELECT COUNT(*) FROM things WHERE _id IN (2, 300)")).toBe("0");
        expect(await database.value("SELECT name FROM things WHERE _id = 1")).toBe("first");
        expect((await load(delta)).ending).toBe("short");
        await database.connection.query("ALTER TABLE things MODIFY name LONGTEXT");
        expect(await load(delta, true)).toMatchObject({ ending: "well" });
        expect(await database.value("SELECT SUM(LENGTH(name) = 70000) FROM things")).toBe("2");
        expect(await database.value("SELECT SUM(row_count) FROM firebreak_ledger")).toBe("108");
      });

      test("of the full archive are forgotten where a delta has their keys, and stay else", async () => {
        const copy = await copyOf(full, place.path);
        const chain = await HandMadeChain.of(copy);
        await plantRows(copy, (rows, table) =>
          table !== "things" ? rows : rows.map((row) => row.replace(/"thing (1|2|3)"/, `"${LARGE}"`)),
        );
        await using database = await sqlDatabase(server, ownName("forgetting"));
        const work = `${copy}.work`;
        expect(await loaded(copy, database.url, { work })).toMatchObject({
          ending: "short",
        });
        const delta = await chain.delta({ things: { upserts: [thing(1, "first")], deletes: [["2"]] } });
        // Of the row that stays the hand-made digest does not know; the count does.
        await rename(`${copy}.work`, `${copy}.elsewhere`);
        const lost = await loaded(delta, database.url, { work });
        expect(lost.text).toContain("Say with --work where load kept its quarantine");
        expect(lost.ending, lost.text).toBe("delta-quarantine-missing");
        await rename(`${copy}.elsewhere`, `${copy}.work`);
        const ended = await loaded(delta, database.url, { work });
        expect(ended.text).toContain("1 row is in quarantine");
        expect(ended.ending, ended.text).toBe("well");
        expect(await database.value("SELECT SUM(quarantined_count) FROM firebreak_ledger")).toBe("1");
        const files = await readdir(`${copy}.work`, { recursive: true, withFileTypes: true });
        expect(files.filter((f) => f.isFile())).toHaveLength(1);
        await database.connection.query("ALTER TABLE things MODIFY name LONGTEXT");
        await well(loaded(delta, database.url, { work, isReplay: true }));
        expect(await database.value("SELECT name FROM things WHERE _id = 1")).toBe("first");
        expect(await database.value("SELECT COUNT(*) FROM things WHERE _id = 2")).toBe("0");
        expect(await database.value("SELECT LENGTH(name) FROM things WHERE _id = 3")).toBe("70000");
      });
    });
  }
});
