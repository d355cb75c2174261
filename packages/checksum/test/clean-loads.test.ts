import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, ownName, sqlDatabase, SQL_SERVERS } from "@firebreak/testing/servers/databases";
import { eventsOf, firebreak, mustEndWell, type Ended } from "@firebreak/testing/command-line/firebreak";
import { writeDump } from "@firebreak/testing/dumps/small-dump";
import { anyCollection } from "./any-collection.ts";

// For a long run: FIREBREAK_CLEAN_LOADS=1000 ./scripts/test.sh packages/checksum/test/clean-loads.test.ts
const loads = Number(process.env["FIREBREAK_CLEAN_LOADS"] ?? 50);

/** Collections of one archive: starting the command line costs more than a table does. */
const TOGETHER = Math.min(50, loads);

interface TableOfSummary {
  readonly table: string;
  readonly equal?: boolean;
}

/** Tables that a checksum found not to be as the archive says. */
function unequal(ended: Ended): TableOfSummary[] {
  const { namespaces } = eventsOf(ended).at(-1) as { namespaces: { tables: TableOfSummary[] }[] };
  return namespaces.flatMap((n) => n.tables).filter((t) => t.equal !== true);
}

/** Done, with documents in quarantine or without. */
function mustBeDone(ended: Ended): void {
  if (ended.exitCode !== 0 && ended.exitCode !== 3) throw new Error(ended.output);
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
        await mustEndWell(["export", "--source", "dump", "--dump", dump, "--archive", archive]);
        mustBeDone(await firebreak(["transform", "--archive", archive]));
        for (const server of SQL_SERVERS) {
          await using database = await sqlDatabase(server, ownName("any"));
          const mysqlUrl = database.url;
          mustBeDone(await firebreak(["load", "--archive", archive], { mysqlUrl }));
          const ended = await firebreak(["checksum", "--archive", archive, "--json"], { mysqlUrl });
          expect(unequal(ended), ended.stderr).toEqual([]);
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
