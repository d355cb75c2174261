import { rename } from "node:fs/promises";
import { checked } from "@firebreak/testing/recipes/checked";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well, type Outcome } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, ownName, sqlDatabase, type SqlDatabase } from "@firebreak/testing/servers/databases";
import { loaded, repaired } from "@firebreak/testing/recipes/loaded";
import { collections, thing } from "@firebreak/testing/deltas/delta-cases";
import { HandMadeChain } from "@firebreak/testing/deltas/hand-made-chain";
import { differencesOf, keyOf } from "./differences-of.ts";

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`checksum of a delta${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let chain: HandMadeChain;
  let links: string[];
  beforeAll(async () => {
    place = await folder();
    chain = await HandMadeChain.of(
      await makeArchive(place.path, { database: ownName("proved"), collections }),
    );
    links = [
      chain.full,
      await chain.delta({
        things: { upserts: [thing(1, "one"), thing(2, "two"), thing(200, "new")], deletes: [["7"]] },
        words: {
          change: "whole",
          upserts: [
            ["a", "1"],
            ["b", "2"],
          ],
        },
        doomed: { change: "dropped" },
      }),
      await chain.delta({
        things: { upserts: [thing(2, "two again"), thing(9, "x".repeat(70_000))], deletes: [["1"]] },
        words: { deletes: [["a"]] },
      }),
    ];
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of ["mysql"] as const) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`on ${server}${why}`, () => {
      let database: SqlDatabase;
      const work = (): string => join(place.path, `${server}.work`);
      const check = (archive: string, repairFolder?: string): Promise<Outcome> => {
        const repair = repairFolder === undefined ? undefined : { repairFolder, version: "test" };
        return checked(archive, database.url, { work: work(), repair });
      };
      const load = (archive: string): Promise<Outcome> => loaded(archive, database.url, { work: work() });
      const last = (): string => links.at(-1)!;
      beforeAll(async () => {
        database = await sqlDatabase(server, ownName("proved"));
      });
      afterAll(() => database[Symbol.asyncDispose]());

      test("compares whole tables, without rows that the target refused", async () => {
        for (const link of links.slice(0, 2)) await well(loaded(link, database.url));
        expect(await load(last())).toMatchObject({ ending: "short" });
        const { ending, text } = await check(last());
        expect(text).toContain("1 row is in quarantine");
        expect(ending, text).toBe("short");
      });

      test("names the link that is in where it is another", async () => {
        const { ending, text } = await check(links[1]!);
        expect(text).toMatch(/is at delta 2, and this is delta 1/);
        expect(ending, text).toBe("unequal");
        const full = await check(links[0]!);
        expect(full.text).toMatch(/is at delta 2, and this is the full archive/);
        expect(full.ending, full.text).toBe("unequal");
      });

      test("finds the rows that differ, of whichever link they are, and a repair puts them right", async () => {
        for (const sql of [
          "UPDATE things SET name = 'other' WHERE _id IN (2, 50)",
          "DELETE FROM things WHERE _id = 200",
          "INSERT INTO things (_id, name) VALUES (1, 'one')",
          "INSERT INTO things (_id, name) VALUES (7, 'thing 7')",
          "UPDATE words SET n = 3",
        ])
          await database.connection.query(sql);
        const repair = join(place.path, `repair-${server}`);
        const { ending, text } = await check(last(), repair);
        expect(ending, text).toBe("unequal");
        const found = await differencesOf(work().slice(0, -".work".length));
        expect(found.map(({ table, kind, key }) => `${table} ${kind} ${keyOf({ key })}`).sort()).toEqual([
          "things changed 2",
          "things changed 50",
          "things extra 1",
          "things extra 7",
          "things missing 200",
          "words changed b",
        ]);
        expect(found.find((d) => d.key[0] === "50")?.source).toMatchObject({ archive: chain.full, line: 50 });
        const mended = await repaired(repair, database.url);
        expect(mended.ending, mended.text).toBe("well");
        expect(await check(last())).toMatchObject({ ending: "short" });
        // What the ledger says of deltas holds after a repair too.
        expect(await load(last())).toMatchObject({
          text: expect.stringContaining("Delta 2 is in already") as string,
        });
      });

      test("says what differs, though not which rows, where a link is not here", async () => {
        await rename(chain.full, `${place.path}-away`);
        try {
          expect(await check(last())).toMatchObject({ ending: "short" });
          await database.connection.query("DELETE FROM words");
          const { ending, text } = await check(last());
          expect(text).toMatch(
            /Table words differs. Which rows cannot be told: an archive of the chain is not in/,
          );
          expect(ending, text).toBe("unequal");
          const told = await check(last(), join(place.path, "none"));
          expect(told.ending, told.text).toBe("chain-link-missing");
        } finally {
          await rename(`${place.path}-away`, chain.full);
        }
      });

      test("finds a table that the delta has dropped", async () => {
        await database.connection.query("CREATE TABLE doomed (_id INT)");
        const { ending, text } = await check(links[1]!);
        expect(text).toContain("Table doomed was dropped at the source, and is in the target.");
        expect(ending, text).toBe("unequal");
      });
    });
  }
});
