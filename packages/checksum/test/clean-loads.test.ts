import { join } from "node:path";
import { checked } from "@firebreak/testing/recipes/checked";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well, type Outcome } from "@firebreak/testing/recipes/outcome";
import { lacking, ownName, sqlDatabase, SQL_SERVERS } from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { writeDump } from "@firebreak/testing/dumps/small-dump";
import { anyCollection } from "./any-collection.ts";

// For a long run: FIREBREAK_CLEAN_LOADS=1000 ./scripts/test.sh packages/checksum/test/clean-loads.test.ts
const loads = Number(process.env["FIREBREAK_CLEAN_LOADS"] ?? 50);

/** Collections of one archive: starting the command line costs more than a table does. */
const TOGETHER = Math.min(50, loads);

/** Tables that a checksum found not to be as the archive says. */
function unequal({ tables }: Outcome): unknown[] {
  return tables.filter((t) => t.equal !== true);
}

/** Done, with documents in quarantine or without. */
function mustBeDone(ended: Outcome): void {
  if (!["well", "short"].includes(ended.ending)) throw new Error(ended.text);
}

const { isLacking, why } = lacking(...SQL_SERVERS);
describe.skipIf(isLacking)(`tables of any values${why}`, () => {
  test(
    `are found equal after a clean load, on both servers (${loads} collections)`,
    { timeout: 60_000 + loads * 5_000 },
    async () => {
      const collections = fc.array(anyCollection, { minLength: TOGETHER, maxLength: TOGETHER });
      const property = fc.asyncProperty(collections, async (all) => {
        await using place = await folder();
        const [dump, archive] = [join(place.path, "dump"), join(place.path, "archive")];
        await writeDump(
          dump,
          all.map((documents, n) => ({
            namespace: `any.c${n}`,
            database: "any",
            collection: `c${n}`,
            kind: "collection",
            optionsText: "{}",
            indexTexts: [],
            documents,
          })),
        );
        await well(exported(archive, dump));
        mustBeDone(await transformed(archive));
        for (const server of SQL_SERVERS) {
          await using database = await sqlDatabase(server, ownName("any"));
          const mysqlUrl = database.url;
          mustBeDone(await loaded(archive, mysqlUrl));
          const ended = await checked(archive, mysqlUrl);
          expect(unequal(ended), ended.text).toEqual([]);
          mustBeDone(ended);
        }
      });
      const numRuns = Math.ceil(loads / TOGETHER);
      // A smaller collection that fails as well would take as long to find as all of them: the seed finds this one again.
      const { failed, seed, counterexamplePath, errorInstance } = await fc.check(property, {
        numRuns,
        endOnFailure: true,
      });
      if (failed) throw new Error(`seed ${seed}, path ${counterexamplePath}`, { cause: errorInstance });
    },
  );
});
