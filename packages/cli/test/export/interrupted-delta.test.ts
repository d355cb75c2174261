import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fillCollection } from "../../../../fixtures/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import {
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, start, type RunSettings } from "@firebreak/testing/command-line/firebreak";
import { chainContents, sorted } from "@firebreak/testing/deltas/chain-contents";

/** `pnpm soak` asks for more. */
const KILL_COUNT = Number(process.env["FIREBREAK_KILLS"] ?? 2);
const COUNT = 10_000;

/** A source of one kind, and what the command line says for it. */
interface Source extends AsyncDisposable {
  readonly args: readonly string[];
  readonly settings: RunSettings;
  /** Changes it, all over. */
  change(): Promise<void>;
}

async function mongodbSource(): Promise<Source> {
  const source = await mongodbDatabase(ownName("killed"), "standalone");
  const documents = Array.from({ length: COUNT }, (_, i) => ({ _id: i, text: "x".repeat(i % 90) }));
  await fillCollection(source.db.collection("messages"), documents as never[]);
  await fillCollection(source.db.collection("capless"), documents.slice(0, 100) as never[]);
  return {
    args: [],
    settings: { mongodbUrl: source.url },
    async change() {
      const messages = source.db.collection("messages");
      await messages.updateMany({ _id: { $mod: [7, 3] } } as never, { $set: { edited: true } });
      await messages.deleteMany({ _id: { $mod: [11, 5] } } as never);
      await source.db.collection("new").insertOne({ n: 1 });
    },
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}

async function mysqlSource(): Promise<Source> {
  const source: SqlDatabase = await sqlDatabase("mysql", ownName("killed"));
  const run = (sql: string) => source.connection.query(sql);
  await run("CREATE TABLE messages (id VARCHAR(20) PRIMARY KEY, n INT, text VARCHAR(100))");
  for (let from = 0; from < COUNT; from += 5000)
    await run(
      `INSERT INTO messages VALUES ${Array.from({ length: 5000 }, (_, i) => `('m${from + i}', ${from + i}, REPEAT('x', ${i % 90}))`).join()}`,
    );
  return {
    args: ["--source", "mysql"],
    settings: { mysqlUrl: source.url },
    async change() {
      await run("UPDATE messages SET text = 'edited' WHERE n % 7 = 3");
      await run("DELETE FROM messages WHERE n % 11 = 5");
      await run("CREATE TABLE new AS SELECT n FROM messages LIMIT 10");
    },
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}

describe.each([
  ["a standalone MongoDB", "standalone", mongodbSource],
  ["MySQL", "mysql", mysqlSource],
] as const)("a delta of %s that was cut off", (_, server, open) => {
  const { isLacking, why } = lacking(server);

  describe.skipIf(isLacking)(`again and again${why}`, () => {
    let source: Source;
    let place: Awaited<ReturnType<typeof folder>>;
    const at = (name: string): string => join(place.path, name);
    const exporting = (archive: string, ...args: string[]): string[] => [
      "export",
      ...source.args,
      "--archive",
      at(archive),
      ...args,
    ];

    beforeAll(async () => {
      source = await open();
      place = await folder();
      await mustEndWell(exporting("full", "--part-mib", "0.2"), source.settings);
      await source.change();
    });
    afterAll(async () => {
      await source[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    test(`killed ${KILL_COUNT} times and run again, is what one is that was not`, async () => {
      const started = Date.now();
      await mustEndWell(exporting("whole", "--delta-from", at("full")), source.settings);
      const wholeMs = Date.now() - started;
      const killed = exporting("killed", "--delta-from", at("full"));
      for (let kill = 0; kill < KILL_COUNT; kill++) {
        const run = start(killed, source.settings);
        await Promise.race([run, delay(Math.random() * wholeMs)]);
        run.kill("SIGKILL");
        await run;
        const names: string[] = await readdir(at("killed")).catch(() => []);
        if (names.includes("manifest.json") && !names.includes("delta-export.partial")) break;
      }
      const again = await firebreak(killed, source.settings);
      expect([0, 6]).toContain(again.exitCode);
      expect((await readdir(at("killed"))).filter((name) => name !== "export.lock")).not.toContain(
        "delta-export.partial",
      );
      expect(sorted(await chainContents([at("full"), at("killed")]))).toEqual(
        sorted(await chainContents([at("full"), at("whole")])),
      );
      expect(await firebreak(["verify", "--archive", at("killed")])).toMatchObject({ exitCode: 0 });
    });
  });
});
