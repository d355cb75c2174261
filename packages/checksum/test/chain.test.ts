import { rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, ownName, sqlDatabase, type SqlDatabase } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, type Ended } from "@firebreak/testing/command-line/firebreak";
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
      const run = (...args: readonly string[]): Promise<Ended> =>
        firebreak([...args, "--work", work()], { mysqlUrl: database.url });
      const last = (): string => links.at(-1)!;
      beforeAll(async () => {
        database = await sqlDatabase(server, ownName("proved"));
      });
      afterAll(() => database[Symbol.asyncDispose]());

      test("compares whole tables, without rows that the target refused", async () => {
        for (const link of links.slice(0, 2))
          await mustEndWell(["load", "--archive", link], { mysqlUrl: database.url });
        expect(await run("load", "--archive", last())).toMatchObject({ exitCode: 3 });
        const { exitCode, output } = await run("checksum", "--archive", last());
        expect(output).toContain("1 row is in quarantine");
        expect(exitCode, output).toBe(3);
      });

      test("names the link that is in where it is another", async () => {
        const { exitCode, output } = await run("checksum", "--archive", links[1]!);
        expect(output).toMatch(/is at delta 2, and this is delta 1/);
        expect(exitCode).toBe(4);
        const full = await run("checksum", "--archive", links[0]!);
        expect(full.output).toMatch(/is at delta 2, and this is the full archive/);
        expect(full.exitCode).toBe(4);
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
        const { exitCode, output } = await run("checksum", "--archive", last(), "--repair", repair);
        expect(exitCode, output).toBe(4);
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
        const repaired = await run("load", "--archive", repair);
        expect(repaired.exitCode, repaired.output).toBe(0);
        expect(await run("checksum", "--archive", last())).toMatchObject({ exitCode: 3 });
        // What the ledger says of deltas holds after a repair too.
        expect(await run("load", "--archive", last())).toMatchObject({
          output: expect.stringContaining("Delta 2 is in already") as string,
        });
      });

      test("says what differs, though not which rows, where a link is not here", async () => {
        await rename(chain.full, `${place.path}-away`);
        try {
          expect(await run("checksum", "--archive", last())).toMatchObject({ exitCode: 3 });
          await database.connection.query("DELETE FROM words");
          const { exitCode, output } = await run("checksum", "--archive", last());
          expect(output).toMatch(
            /Table words differs. Which rows cannot be told: an archive of the chain is not in/,
          );
          expect(exitCode).toBe(4);
          const told = await run("checksum", "--archive", last(), "--repair", join(place.path, "none"));
          expect(told.exitCode).toBe(6);
        } finally {
          await rename(`${place.path}-away`, chain.full);
        }
      });

      test("finds a table that the delta has dropped", async () => {
        await database.connection.query("CREATE TABLE doomed (_id INT)");
        const { exitCode, output } = await run("checksum", "--archive", links[1]!);
        expect(output).toContain("Table doomed was dropped at the source, and is in the target.");
        expect(exitCode).toBe(4);
      });
    });
  }
});
