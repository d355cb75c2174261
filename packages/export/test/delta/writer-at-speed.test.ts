import { join } from "node:path";
import { MongoServerError, type Db } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSourceManifest } from "@firebreak/archive";
import { folder } from "../../../cli/test/support/archives.ts";
import { lacking, mongodbDatabase, ownName } from "../../../cli/test/support/databases.ts";
import { mustEndWell } from "../../../cli/test/support/firebreak.ts";
import { SeededRandom } from "../../../../fixtures/src/index.ts";
import { plainState, chainState, stateOf } from "../support/chain-state.ts";

/** `pnpm soak` asks for more. */
const RUN_COUNT = Number(process.env["FIREBREAK_DELTA_RUNS"] ?? 3);
const NAMES = ["a", "b", "c", "d", "e"] as const;

/** Writes as fast as the server takes it until it is stopped: documents mostly, now and then whole collections. */
function startWriter(db: Db, seed: number): { stop(): Promise<number> } {
  const random = new SeededRandom(seed);
  const pick = (count: number): number => random.integer(0, count - 1);
  const stopping = new AbortController();
  let writeCount = 0;
  const keyOf = (n: number): unknown => (n % 3 === 0 ? n : n % 3 === 1 ? `k${n}` : { n, m: [n] });
  async function write(): Promise<void> {
    const name = NAMES[pick(NAMES.length)]!;
    const collection = db.collection(name);
    const filter = { _id: keyOf(pick(600)) as never };
    switch (pick(300)) {
      case 0:
        return void (await collection.drop());
      case 1:
        return void (await collection.rename(NAMES.filter((n) => n !== name)[pick(NAMES.length - 1)]!, {
          dropTarget: true,
        }));
      case 2:
        return void (await collection.createIndex({ v: pick(2) === 0 ? 1 : -1 }));
      default:
    }
    switch (pick(5)) {
      case 0:
        return void (await collection.deleteOne(filter));
      case 1:
        return void (await collection.updateOne(filter, { $inc: { v: 1 } }));
      case 2:
        return void (await collection.replaceOne(filter, { v: writeCount, text: "é" }, { upsert: true }));
      default:
        return void (await collection.insertOne({ ...filter, v: writeCount, text: "x".repeat(pick(200)) }));
    }
  }
  const running = (async () => {
    while (!stopping.signal.aborted) {
      // A key that is there, a collection that is not: what a writer meets.
      await write().catch((error: unknown) => {
        if (!(error instanceof MongoServerError)) throw error;
      });
      writeCount++;
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
      return writeCount;
    },
  };
}

const KINDS = [
  { server: "mongodb", how: "a replica set", consistency: "snapshot" },
  { server: "standalone", how: "a standalone, by comparison,", consistency: "document" },
] as const;

for (const { server, how, consistency } of KINDS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`deltas of ${how} that is written to at full speed${why}`, () => {
    let source: Awaited<ReturnType<typeof mongodbDatabase>>;
    let place: Awaited<ReturnType<typeof folder>>;
    beforeAll(async () => {
      source = await mongodbDatabase(ownName("speed"), server);
      place = await folder();
    });
    afterAll(async () => {
      await source[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    test.each(Array.from({ length: RUN_COUNT }, (_, run) => run))(
      "a full export, three deltas, and one after the last write are the source exactly, run %i",
      async (run) => {
        const links = ["full", "1", "2", "3", "last"].map((name) => join(place.path, `${run}-${name}`));
        const writer = startWriter(source.db, run + 1);
        await mustEndWell(["export", "--archive", links[0]!], { mongodbUrl: source.url });
        for (const [i, archive] of links.entries()) {
          if (i === 0) continue;
          if (i === links.length - 1) expect(await writer.stop()).toBeGreaterThan(1000);
          const from = ["--delta-from", links[i - 1]!];
          await mustEndWell(["export", "--archive", archive, ...from], { mongodbUrl: source.url });
        }
        const last = links.at(-1)!;
        expect(plainState(await chainState(last))).toEqual(plainState(await stateOf(source.db)));
        expect((await readSourceManifest(last)).manifest.consistency).toBe(consistency);
      },
    );
  });
}
