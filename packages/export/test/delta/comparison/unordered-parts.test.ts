import { join } from "node:path";
import { writeManifest } from "@firebreak/archive";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking, mongodbDatabase, ownName, sqlDatabase } from "@firebreak/testing/servers/databases";
import { mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { exported } from "@firebreak/testing/recipes/exported";
import { chainContents, sorted } from "@firebreak/testing/deltas/chain-contents";
import { manifestOf, runDelta } from "@firebreak/testing/deltas/run-delta";

/** Puts the parts of all namespaces into another order, as if that of their keys had not been known. */
async function shuffle(archive: string): Promise<void> {
  const manifest = await manifestOf(archive);
  const namespaces = manifest.namespaces.map((ns) => {
    const [first, second, ...rest] = ns.parts;
    return { ...ns, parts: [...rest.reverse(), first!, second!] };
  });
  expect(namespaces[0]!.parts.length).toBeGreaterThan(4);
  await writeManifest(archive, { ...manifest, namespaces }, {});
}

const mongodb = lacking("standalone");
test.skipIf(mongodb.isLacking)(
  `of a collection whose parts are in no order a delta has what changed, and no more${mongodb.why}`,
  async () => {
    await using source = await mongodbDatabase(ownName("unordered"), "standalone");
    await using place = await folder();
    const at = (name: string): string => join(place.path, name);
    const messages = source.db.collection<{ _id: number; text: string }>("messages");
    const documents = Array.from({ length: 900 }, (_, i) => ({ _id: i, text: "x".repeat(90) }));
    await messages.insertMany(documents);
    const args = ["--part-mib", "0.02", "--jobs", "1"];
    await mustEndWell(["export", "--archive", at("full"), ...args], { mongodbUrl: source.url });
    await shuffle(at("full"));
    await messages.deleteMany({ _id: { $in: [3, 880] } });
    await messages.updateMany({ _id: { $in: [5, 450, 899] } }, { $set: { text: "edited" } });
    await messages.insertMany([-1, 1000].map((_id) => ({ _id, text: "new" })));
    await runDelta({
      source: { kind: "mongodb", url: source.url },
      archive: at("delta"),
      deltaFrom: at("full"),
    });
    expect((await manifestOf(at("delta"))).namespaces[0]).toMatchObject({ lineCount: 5 });
    await well(exported(at("fresh"), source.url));
    expect(sorted(await chainContents([at("full"), at("delta")]))).toEqual(
      sorted(await chainContents([at("fresh")])),
    );
  },
);

const mysql = lacking("mysql");
test.skipIf(mysql.isLacking)(
  `of a table whose parts are in no order a delta has what changed, and no more${mysql.why}`,
  async () => {
    await using source = await sqlDatabase("mysql", ownName("unordered"));
    await using place = await folder();
    const at = (name: string): string => join(place.path, name);
    const run = (sql: string) => source.connection.query(sql);
    const rows = Array.from({ length: 900 }, (_, i) => `('${i}', REPEAT('x', 90))`);
    await run("CREATE TABLE messages (id VARCHAR(20) PRIMARY KEY, text VARCHAR(100))");
    await run(`INSERT INTO messages VALUES ${rows.join()}`);
    const args = ["--source", "mysql", "--jobs", "1"];
    await mustEndWell(["export", "--archive", at("full"), "--part-mib", "0.02", ...args], {
      mysqlUrl: source.url,
    });
    await shuffle(at("full"));
    await run("DELETE FROM messages WHERE id IN ('3', '880')");
    await run("UPDATE messages SET text = 'edited' WHERE id IN ('5', '450', '899')");
    await run("INSERT INTO messages VALUES ('', 'new'), ('zz', 'new')");
    await runDelta({
      source: { kind: "mysql", url: source.url },
      archive: at("delta"),
      deltaFrom: at("full"),
    });
    expect((await manifestOf(at("delta"))).namespaces[0]).toMatchObject({ lineCount: 5 });
    await mustEndWell(["export", "--archive", at("fresh"), ...args], { mysqlUrl: source.url });
    expect(sorted(await chainContents([at("full"), at("delta")]))).toEqual(
      sorted(await chainContents([at("fresh")])),
    );
  },
);
