import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyOf, folder } from "@firebreak/testing/archives/folder";
import { well, type Outcome } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { readMysqlManifest, readSourceManifest, writeManifest } from "../../../../archive/src/index.ts";
import { HandMadeChain } from "@firebreak/testing/deltas/hand-made-chain";
import { collections, thing } from "@firebreak/testing/deltas/delta-cases";

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`a delta${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let chain: HandMadeChain;
  let deltas: string[];
  beforeAll(async () => {
    place = await folder();
    const full = await makeArchive(place.path, { database: ownName("chain"), collections });
    chain = await HandMadeChain.of(full);
    const words = (await readMysqlManifest(join(full, "mysql"))).manifest.tables.find(
      (t) => t.table === "words",
    )!;
    const { parts: _, ...fresh } = words;
    deltas = [
      await chain.delta({
        things: {
          upserts: [thing(3, "three"), thing(901, "new"), thing(902, "new")],
          deletes: [["7"], ["8"]],
        },
        doomed: { change: "dropped" },
        fresh: {
          change: "whole",
          upserts: [
            ["a", "1"],
            ["b", "2"],
            ["c", "3"],
          ],
          partRows: 2,
          table: {
            ...fresh,
            table: "fresh",
            namespace: words.namespace.replace("words", "fresh"),
            createTable: words.createTable.replace("`words`", "`fresh`"),
            indexes: [{ name: "n", statement: "CREATE INDEX `n` ON `fresh` (`n`)" }],
          },
        },
      }),
      await chain.delta({
        things: { upserts: [thing(3, "three again")], deletes: [["901"]], partRows: 1 },
        words: { change: "whole", upserts: [["z", "26"]] },
      }),
      await chain.delta({ fresh: { deletes: [["b"]] } }),
    ];
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`on ${server}${why}`, () => {
      let database: SqlDatabase;
      const load = (archive: string): Promise<Outcome> => loaded(archive, database.url);
      const ledger = async (): Promise<string> =>
        JSON.stringify((await database.connection.query("SELECT * FROM firebreak_ledger"))[0]);
      beforeAll(async () => {
        database = await sqlDatabase(server, ownName("chain"));
      });
      afterAll(() => database[Symbol.asyncDispose]());

      test("is refused by a database that its full archive is not in", async () => {
        const { ending, text } = await load(deltas[0]!);
        expect(text).toMatch(/no full archive of it is in database/);
        expect(ending, text).toBe("delta-base-missing");
        expect(await database.tables()).toEqual([]);
      });

      test("is refused where not all of its full archive is in", async () => {
        await well(loaded(chain.full, database.url));
        await database.connection.query("DELETE FROM firebreak_ledger WHERE table_name = ''");
        expect(await load(deltas[0]!)).toMatchObject({
          ending: "delta-base-missing",
          text: expect.stringContaining("or not all of it") as string,
        });
        // The full archive, which has nothing left to do, says that it is in.
        await well(loaded(chain.full, database.url));
      });

      test("that is not the next is refused, and says which is", async () => {
        const before = await ledger();
        const { ending, text } = await load(deltas[2]!);
        expect(text).toMatch(/This is delta 3, .* has the full archive so far: deltas 1 to 2 are missing/);
        expect(text).toContain("Load delta 1 next");
        expect(ending, text).toBe("delta-link-missing");
        expect(await ledger()).toBe(before);
      });

      test("with --dry-run changes nothing", async () => {
        const before = await ledger();
        expect(await loaded(deltas[0]!, database.url, { isDryRun: true })).toMatchObject({ ending: "well" });
        expect(await ledger()).toBe(before);
        expect(await database.tables()).toContain("doomed");
      });

      test("changes rows, drops tables and makes new ones, and says how many", async () => {
        const ended = await load(deltas[0]!);
        expect(ended.ending, ended.text).toBe("well");
        expect(ended.tables).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ table: "things", rows: 100, upserts: 3, deletes: 2, loaded: 3 }),
            expect.objectContaining({ table: "doomed", rows: 0, upserts: 0 }),
            expect.objectContaining({ table: "fresh", rows: 3, upserts: 3, loaded: 3 }),
          ]),
        );
        expect(await database.tables()).toEqual(["firebreak_ledger", "fresh", "things", "words"]);
        expect(await database.value("SELECT COUNT(*) FROM things")).toBe("100");
        expect(await database.value("SELECT name FROM things WHERE _id = 3")).toBe("three");
        expect(await database.value("SELECT COUNT(*) FROM things WHERE _id IN (7, 8)")).toBe("0");
        expect(await database.value("SELECT SUM(n) FROM fresh FORCE INDEX (n) WHERE n > 0")).toBe("6");
      });

      test("that is in already changes nothing, and that is said", async () => {
        await database.connection.query("UPDATE things SET name = 'later' WHERE _id = 3");
        const before = await ledger();
        const { ending, text } = await load(deltas[0]!);
        expect(text).toContain("Delta 1 is in already: nothing was changed.");
        expect(ending, text).toBe("well");
        expect(await ledger()).toBe(before);
        expect(await database.value("SELECT name FROM things WHERE _id = 3")).toBe("later");
        await database.connection.query("UPDATE things SET name = 'three' WHERE _id = 3");
      });

      test("is not undone by its full archive, which says that a delta is in", async () => {
        const before = await ledger();
        const { ending, text } = await load(chain.full);
        expect(text).toContain("Delta 1 of this archive's chain is in");
        expect(ending, text).toBe("well");
        expect(await ledger()).toBe(before);
        expect(await database.tables()).not.toContain("doomed");
      });

      test("of another chain is refused", async () => {
        const other = await copyOf(chain.full, place.path);
        await well(transformed(await withOtherRun(other)));
        const otherChain = await HandMadeChain.of(other);
        const { ending, text } = await load(await otherChain.delta({ things: { deletes: [["1"]] } }));
        expect(text).toContain("holds archives of other chains only");
        expect(ending, text).toBe("delta-other-chain");
      });

      test("is refused where another of the same number is in", async () => {
        const copy = await copyOf(chain.full, place.path);
        const fork = await (await HandMadeChain.of(copy)).delta({ things: { deletes: [["1"]] } });
        const { ending, text } = await load(fork);
        expect(text).toMatch(/has another delta 1 than this chain/);
        expect(ending, text).toBe("delta-forked");
      });

      test("is refused where a table was written to since", async () => {
        await database.connection.query("DELETE FROM things WHERE _id = 50");
        const before = await ledger();
        const { ending, text } = await load(deltas[1]!);
        expect(text).toMatch(/table things has 99 rows, and firebreak_ledger says 100/);
        expect(text).toContain("pnpm checksum with the archive that was loaded last");
        expect(ending, text).toBe("load-refused");
        expect(await ledger()).toBe(before);
        await database.connection.query(
          "INSERT INTO things (_id, name) SELECT 50, name FROM things WHERE _id = 51",
        );
      });

      test("comes after the one before it, also where a table is whole again", async () => {
        for (const delta of deltas.slice(1)) {
          const ended = await load(delta);
          expect(ended.ending, ended.text).toBe("well");
        }
        expect(await database.value("SELECT name FROM things WHERE _id = 3")).toBe("three again");
        expect(await database.value("SELECT GROUP_CONCAT(_id) FROM words")).toBe("z");
        expect(await database.value("SELECT GROUP_CONCAT(_id ORDER BY _id) FROM fresh")).toBe("a,c");
        expect(await database.value("SELECT COUNT(*) FROM things")).toBe(String(chain.rows("things").length));
        const { text } = await load(deltas[0]!);
        expect(text).toContain("Delta 1 is in already");
      });
    });
  }
});

/** The same archive of another run: another chain begins with it. */
async function withOtherRun(archive: string): Promise<string> {
  const { manifest } = await readSourceManifest(archive);
  await rm(join(archive, "mysql"), { recursive: true });
  await writeManifest(archive, { ...manifest, run: { ...manifest.run, host: "elsewhere" } });
  return archive;
}
