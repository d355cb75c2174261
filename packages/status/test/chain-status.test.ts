import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, ownName, sqlDatabase } from "@firebreak/testing/servers/databases";
import { eventsOf, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { collections, thing } from "@firebreak/testing/deltas/delta-cases";
import { HandMadeChain } from "@firebreak/testing/deltas/hand-made-chain";

const { isLacking, why } = lacking("mongodb", "mysql");
test.skipIf(isLacking)(`status says which link of a chain a target is at${why}`, async () => {
  await using place = await folder();
  await using database = await sqlDatabase("mysql", ownName("linked"));
  const chain = await HandMadeChain.of(
    await makeArchive(place.path, { database: ownName("linked"), collections }),
  );
  const delta = await chain.delta({
    things: { upserts: [thing(1, "one"), thing(2, "two")], deletes: [["3"]] },
    doomed: { change: "dropped" },
  });
  const run = async (verb: string, archive: string): Promise<string> =>
    (await mustEndWell([verb, "--archive", archive], { mysqlUrl: database.url })).output;
  await run("load", chain.full);
  expect(await run("status", chain.full)).toContain("All parts are in");
  const before = await run("status", delta);
  expect(before).toMatch(/database .*: no load is at work, at the full archive$/m);
  expect(before).toContain("0 of 2 rows are in, 2 are left");
  await run("load", delta);
  expect(await run("status", chain.full)).toContain(
    "Delta 1 of its chain is in, which is newer than this archive.",
  );
  const json = await mustEndWell(["status", "--archive", delta, "--json"], { mysqlUrl: database.url });
  const [status] = eventsOf(json);
  expect(status).toMatchObject({
    target: {
      databases: [{ database: database.name, link: { number: 1, newest: 1 }, foreignParts: 0 }],
      tables: [
        { table: "doomed", rows: 0, left: 0 },
        { table: "things", rows: 2, loaded: 2, left: 0 },
      ],
    },
  });
});
