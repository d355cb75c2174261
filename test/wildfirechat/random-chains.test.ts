import { MongoClient } from "mongodb";
import { createConnection } from "mysql2/promise";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { dropDatabase, emptyDatabase } from "@firebreak/testing/servers/empty-database";
import { lacking, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { fillServer } from "../../fixtures/src/index.ts";
import { randomChain, WAYS, type Way } from "../../packages/profile-wildfirechat/test/chains/random-chain.ts";
import { firebreak } from "../command-line.ts";

const CHAINS = [1, 2, 3];
const LINKS = 2;
/** So long that MongoDB removes no document of a chain. */
const EXPIRE_DAYS = 20_000;
const database = ownName("chains");
const { isLacking, why } = lacking("mongodb", "mysql");

/** Makes the target as the application would, and removes it in the end. */
async function prepared({ to }: Way): Promise<AsyncDisposable> {
  if (to === "mongodb") {
    const client = await MongoClient.connect(urlOf("mongodb"));
    await client.db(database).dropDatabase();
    const gone = async (): Promise<void> => {
      await client.db(database).dropDatabase();
      await client.close();
    };
    return { [Symbol.asyncDispose]: gone };
  }
  const mysql = await createConnection({ uri: await emptyDatabase("mysql", database), charset: "utf8mb4" });
  await fillServer(mysql, { seed: 1, messageCount: 10, jvmZone: "Asia/Shanghai" });
  await mysql.end();
  return { [Symbol.asyncDispose]: () => dropDatabase("mysql", database) };
}

describe.skipIf(isLacking)(`random chains of chat sites${why}`, () => {
  describe.each(Object.entries(WAYS))("%s", (_, way) => {
    test.each(CHAINS)("chain %i goes in link by link, and the server has what it must have", async (seed) => {
      await using place = await folder();
      await using _target = await prepared(way);
      const urls = { mysqlUrl: urlOf("mysql", database), mongodbUrl: urlOf("mongodb", database) };
      const isToMysql = way.to === "mysql";
      const run = isToMysql ? { mysqlUrl: urls.mysqlUrl } : { mongodbUrl: urls.mongodbUrl };
      for await (const { chain } of randomChain(place.path, way, seed, LINKS, { expireDays: EXPIRE_DAYS })) {
        const archive = chain.at(-1)!;
        const load = await firebreak("load", { archive, ...run, args: ["--yes", "--to", way.to] });
        expect([0, 3], load.stderr).toContain(load.exitCode);
        const proof = await firebreak("checksum", { archive, ...run, args: ["--against", way.to] });
        expect([0, 3], proof.stderr).toContain(proof.exitCode);
      }
    });
  });
});
