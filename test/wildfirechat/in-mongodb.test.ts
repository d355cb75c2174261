import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { createConnection, type Connection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fillMysqlSite, fillServer } from "../../fixtures/src/index.ts";
import { rowsOf } from "./site-contents.ts";
import { ending, firebreak } from "../command-line.ts";
import { dropDatabase, emptyDatabase } from "@firebreak/testing/servers/empty-database";
import { lacking, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { profileFacts, writeSite } from "./journey.ts";

const options = { seed: 33, messageCount: 2000, jvmZone: "UTC" } as const;
/** Tables that are not sharded, but for the server's own history. */
const others = [
  "t_channel",
  "t_friend",
  "t_group",
  "t_group_member",
  "t_sensitive_messages",
  "t_settings",
  "t_user",
] as const;
const LONG_MS = 600_000;

const database = ownName("all_in_mongodb");
const returned = `${database}_back`;
const { isLacking, why } = lacking("mongodb", "mysql");

describe.skipIf(isLacking)(`a whole site goes to MongoDB alone, and back${why}`, () => {
  let place: string;
  let client: MongoClient;
  let mongodb: Db;
  let mysql: Connection;
  let mysqlAgain: Connection;
  const archive = (): string => join(place, "archive");
  const back = (): string => join(place, "back");
  const set = ["--profile", "wildfirechat", "--profile-option", "scheme=mongodb"];

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), "firebreak-in-mongodb-"));
    client = await MongoClient.connect(urlOf("mongodb"));
    mongodb = client.db(database);
    await mongodb.dropDatabase();
    mysql = await createConnection({ uri: await emptyDatabase("mysql", database), charset: "utf8mb4" });
    mysqlAgain = await createConnection({ uri: await emptyDatabase("mysql", returned), charset: "utf8mb4" });
    await fillMysqlSite(mysql, options);
    await fillServer(mysqlAgain, options);
    for (const table of others) await mysqlAgain.query("TRUNCATE TABLE ??", [table]);
    const mysqlUrl = urlOf("mysql", database);
    const args = ["--source", "mysql", "--include", `${database}.*`];
    expect(ending(await firebreak("export", { archive: archive(), mysqlUrl, args }))).toBe("exit 0");
  }, LONG_MS);
  afterAll(async () => {
    await mongodb?.dropDatabase();
    await client?.close();
    await mysql?.end();
    await mysqlAgain?.end();
    await rm(place, { recursive: true, force: true });
    if (isLacking) return;
    await dropDatabase("mysql", database);
    await dropDatabase("mysql", returned);
  });

  test(
    "every table is a collection of its name, with all of its rows",
    async () => {
      const args = [...set, "--to", "mongodb", "--site", await writeSite(place, database)];
      expect(ending(await firebreak("transform", { archive: archive(), args }))).toBe("exit 3");
      const to = { archive: archive(), mongodbUrl: urlOf("mongodb", database) };
      expect(ending(await firebreak("load", { ...to, args: ["--to", "mongodb"] }))).toBe("exit 3");
      expect(ending(await firebreak("checksum", { ...to, args: ["--against", "mongodb"] }))).toBe("exit 3");
      expect(ending(await firebreak("verify", { archive: archive() }))).toBe("exit 3");
      for (const table of [...others, "flyway_schema_history"])
        expect([table, await mongodb.collection(table).countDocuments()]).toEqual([
          table,
          (await rowsOf(mysql, table)).length,
        ]);
      expect((await profileFacts(archive(), "mongodb")).staying).toEqual([]);
    },
    LONG_MS,
  );

  test(
    "back in the tables of a server its rows are equal, and the server's history is its own",
    async () => {
      const mongodbUrl = urlOf("mongodb", database);
      await mongodb.collection<{ _id: number }>("moments_feed").insertOne({ _id: 1 });
      const include = ["--include", `${database}.*`];
      expect(ending(await firebreak("export", { archive: back(), mongodbUrl, args: include }))).toBe(
        "exit 0",
      );
      const zones = ["zone=UTC", "serverTimezone=GMT+8", "sessionTimezone=UTC", "retention=all"];
      const args = [...set, ...zones.flatMap((option) => ["--profile-option", option])];
      expect(ending(await firebreak("transform", { archive: back(), args }))).toBe("exit 0");
      const mysqlUrl = urlOf("mysql", returned);
      expect(ending(await firebreak("load", { archive: back(), mysqlUrl }))).toBe("exit 0");
      expect(ending(await firebreak("checksum", { archive: back(), mysqlUrl }))).toBe("exit 0");
      for (const table of others)
        expect([table, await rowsOf(mysqlAgain, table)]).toEqual([table, await rowsOf(mysql, table)]);
      const staying = (await profileFacts(back(), "mysql")).staying.map(({ namespace }) => namespace);
      expect(staying).toEqual([`${database}.flyway_schema_history`]);
      // What never was a table becomes one by the generic mapping.
      expect(await rowsOf(mysqlAgain, "moments_feed")).toEqual([{ _id: "1", _extra: null }]);
    },
    LONG_MS,
  );
});
