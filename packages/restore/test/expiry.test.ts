import { join } from "node:path";
import { restored } from "@firebreak/testing/recipes/restored";
import { MongoClient } from "mongodb";
import { expect, test } from "vitest";
import { startMongod } from "../../../scripts/servers/mongod.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking } from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { until } from "@firebreak/testing/servers/until";

const COUNT = 20_000;
const LONG_AGO = Date.UTC(2020, 0, 1);
const { isLacking, why } = lacking("standalone");

test.skipIf(isLacking)(
  `documents long past due are all proved to be in before the server deletes them${why}`,
  async () => {
    await using place = await folder();
    const source = await startMongod({
      dir: join(place.path, "source"),
      extraArgs: ["--setParameter", "ttlMonitorEnabled=false"],
    });
    // Looks for documents to delete every second, and not every minute.
    const target = await startMongod({
      dir: join(place.path, "target"),
      extraArgs: ["--setParameter", "ttlMonitorSleepSecs=1"],
    });
    try {
      const names = ["indexed", "clustered", "readings"];
      await using from = await MongoClient.connect(source.url);
      const db = from.db("t");
      await db.createCollection("clustered", {
        clusteredIndex: { key: { _id: 1 }, unique: true },
        expireAfterSeconds: 1,
      });
      await db.createCollection("readings", { timeseries: { timeField: "at" }, expireAfterSeconds: 1 });
      await db.collection("indexed").createIndex({ at: 1 }, { expireAfterSeconds: 1 });
      for (const name of names)
        await db.collection<{ _id: Date }>(name).insertMany(
          Array.from({ length: COUNT }, (_, i) => ({
            _id: new Date(LONG_AGO + i),
            at: new Date(LONG_AGO + i),
          })),
        );
      const archive = join(place.path, "archive");
      await well(exported(archive, `${source.url}/t`));
      const ended = await well(restored(archive, `${target.url}/t`));
      expect(ended.text).toContain("the server deletes those whose time is up");
      for (const account of ended.accounts) {
        expect(account.lines).toBe(account.namespace === "t.readings" ? account.documents : COUNT);
        expect(account).toMatchObject({ digested: account.lines, equal: true });
      }
      await using to = await MongoClient.connect(target.url);
      for (const name of names)
        await until(
          `${name} to be empty`,
          async () => (await to.db("t").collection(name).countDocuments()) === 0,
        );
    } finally {
      await source.kill();
      await target.kill();
    }
  },
);
