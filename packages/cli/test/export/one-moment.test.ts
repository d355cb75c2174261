import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { EJSON, type Document } from "bson";
import { readSourceManifest } from "@firebreak/archive";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, start } from "@firebreak/testing/command-line/firebreak";
import { linesOf } from "@firebreak/testing/archives/read-lines";
import { until } from "@firebreak/testing/servers/until";
import { LoggedWriter, type DatabaseLines } from "./logged-writer.ts";

const { isLacking, why } = lacking("mongodb");
/** `pnpm soak` asks for more. */
const RUN_COUNT = Number(process.env["FIREBREAK_DELTA_RUNS"] ?? 3);
const RECIPIENT = "age1mpa6gpu6e43v8ytflyy79netk0pyegakzc9ne4872ap432eexdksvwj6fy";

async function stateOf(archive: string): Promise<DatabaseLines> {
  const { manifest } = await readSourceManifest(archive);
  const state: DatabaseLines = new Map();
  for (const { namespace, collection, lineCount } of manifest.namespaces) {
    const lines = await linesOf(archive, namespace);
    const keys = lines.map((line) => JSON.stringify((EJSON.parse(line) as Document)["_id"]));
    const byKey = new Map(lines.map((line, i) => [keys[i]!, line]));
    expect(byKey.size).toBe(lineCount);
    if (lineCount > 0) state.set(collection, byKey);
  }
  return state;
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
const sorted = (state: DatabaseLines): [string, [string, string][]][] =>
  [...state].sort(byName).map(([name, lines]) => [name, [...lines].sort(byName)]);

describe.skipIf(isLacking)(`a full export of a replica set under a writer${why}`, () => {
  test.each(Array.from({ length: RUN_COUNT }, (_, run) => run))(
    "is as its source was at the watermark, run %i",
    async (run) => {
      const database = ownName(`moment${run}`);
      await using source = await mongodbDatabase(database);
      await using place = await folder();
      const archive = join(place.path, "archive");
      const args = ["export", "--archive", archive, "--part-mib", "0.1"];
      const writer = await LoggedWriter.open(urlOf("mongodb"), database, run + 1);
      try {
        const before = writer.stepCount;
        // Every third run has drops and renames in it, every other is killed when it begins to close.
        const hasMoves = run % 3 === 2;
        writer.start(hasMoves);
        if (run % 2 === 1) {
          const killed = start(args, { mongodbUrl: source.url });
          await until("the closing", async () =>
            (await readdir(archive).catch((): string[] => [])).includes("export-closing.partial"),
          );
          killed.kill("SIGKILL");
          expect((await killed).signal).toBe("SIGKILL");
        }
        const { output } = await mustEndWell(args, { mongodbUrl: source.url, isApart: true });
        await writer.stop();
        expect(writer.stepCount - before).toBeGreaterThan(100);
        const { manifest } = await readSourceManifest(archive);
        if (hasMoves && manifest.consistency === "document") expect(output).toMatch(/is not of one moment/);
        else {
          expect(manifest.consistency).toBe("snapshot");
          expect(sorted(await stateOf(archive))).toEqual(sorted(writer.stateAt(manifest.watermark!)));
        }
      } finally {
        await writer.stop();
      }
      expect(await readdir(archive)).toEqual(["SHA256SUMS", "manifest.json", "source"]);
      await mustEndWell(["verify", "--archive", archive]);
    },
  );

  test("that is encrypted to a recipient stays as it was read, and says so", async () => {
    const database = ownName("moment_sealed");
    await using source = await mongodbDatabase(database);
    await using place = await folder();
    await source.db.collection("c").insertOne({ a: 1 });
    const archive = join(place.path, "archive");
    const ended = await firebreak(["export", "--archive", archive, "--recipient", RECIPIENT], {
      mongodbUrl: source.url,
    });
    expect(ended).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/is not of one moment: what is encrypted to a recipient/) as string,
    });
  });
});
