import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { benchMessages, fillCollection } from "../../../../fixtures/src/index.ts";
import { contentOf } from "@firebreak/testing/archives/manifest-entries";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, start } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";

const { isLacking, why } = lacking("mongodb");
const MESSAGE_COUNT = 60_000;
/** `pnpm soak` asks for more. */
const KILL_COUNT = Number(process.env["FIREBREAK_KILLS"] ?? 5);
const SETTINGS = ["--part-mib", "1", "--jobs", "2"];

describe.skipIf(isLacking)(`an export that was cut off${why}`, () => {
  let source: Awaited<ReturnType<typeof mongodbDatabase>>;
  let place: Awaited<ReturnType<typeof folder>>;
  let whole: unknown;

  beforeAll(async () => {
    source = await mongodbDatabase(ownName("cut"));
    place = await folder();
    await fillCollection(source.db.collection("messages"), benchMessages({ seed: 3, count: MESSAGE_COUNT }));
    await fillCollection(source.db.collection("few"), [{ _id: 1 }, { _id: 2 }]);
    const archive = join(place.path, "whole");
    await mustEndWell(["export", "--archive", archive, ...SETTINGS], { mongodbUrl: source.url });
    whole = await contentOf(archive);
  });
  afterAll(async () => {
    await source[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  /** Starts an export and ends it when so many ranges are finished, counting those of runs before. */
  async function cutOff(
    archive: string,
    finishedRanges: number,
    signal: NodeJS.Signals,
  ): Promise<number | undefined> {
    const run = start(["export", "--archive", archive, ...SETTINGS], { mongodbUrl: source.url });
    await until(`${finishedRanges} finished ranges`, async () => {
      const text = await readFile(join(archive, "export-progress.ndjson"), "utf8").catch(() => "");
      return text.split('"kind":"finished"').length > finishedRanges;
    });
    run.kill(signal);
    return (await run).exitCode;
  }

  test(`killed ${KILL_COUNT} times and run again, has the parts and digests of one that was not`, async () => {
    const archive = join(place.path, "killed");
    let finished = 0;
    for (let kill = 0; kill < KILL_COUNT; kill++) {
      finished += Math.floor(Math.random() * (1 + 50 / KILL_COUNT));
      await cutOff(archive, finished, "SIGKILL");
      await expect(readFile(join(archive, "manifest.json"))).rejects.toThrow("ENOENT");
    }
    const again = await firebreak(["export", "--archive", archive, ...SETTINGS], { mongodbUrl: source.url });
    expect(again).toMatchObject({ exitCode: 0, output: expect.stringContaining("Going on") as string });
    expect(await contentOf(archive)).toEqual(whole);
    expect(await firebreak(["verify", "--archive", archive])).toMatchObject({ exitCode: 0 });
  });

  test("is not taken for an archive by verify or transform", async () => {
    const archive = join(place.path, "unfinished");
    await cutOff(archive, 2, "SIGKILL");
    for (const verb of ["verify", "transform"]) {
      const { exitCode, output } = await firebreak([verb, "--archive", archive]);
      expect({ verb, exitCode }).toEqual({ verb, exitCode: 5 });
      expect(output).toContain("manifest.json");
    }
  });

  test("keeps the settings it began with: others are refused, with their names", async () => {
    const archive = join(place.path, "settings");
    await cutOff(archive, 2, "SIGKILL");
    const { exitCode, output } = await firebreak(["export", "--archive", archive, "--part-mib", "2"], {
      mongodbUrl: source.url,
    });
    expect(exitCode).toBe(6);
    expect(output).toMatch(/part-?mib/i);
  });

  test("interrupted by Ctrl-C ends with 130 and goes on when it is run again", async () => {
    const archive = join(place.path, "ctrl-c");
    expect(await cutOff(archive, 3, "SIGINT")).toBe(130);
    await mustEndWell(["export", "--archive", archive, ...SETTINGS], { mongodbUrl: source.url });
    expect(await contentOf(archive)).toEqual(whole);
  });

  test("has the same parts whatever --jobs is", async () => {
    for (const jobs of ["1", "3"]) {
      const archive = join(place.path, `jobs-${jobs}`);
      await mustEndWell(["export", "--archive", archive, "--part-mib", "1", "--jobs", jobs], {
        mongodbUrl: source.url,
      });
      expect(await contentOf(archive)).toEqual(whole);
    }
  });
});
