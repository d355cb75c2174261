// @module-tag slow
import { existsSync } from "node:fs";
import { cp, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BSON, Int32 } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentOf } from "@firebreak/testing/archives/manifest-entries";
import { folder } from "@firebreak/testing/archives/folder";
import { firebreak, mustEndWell, start } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";
import type { ReadCollection } from "@firebreak/testing/dumps/read-dump";
import { writeForms } from "@firebreak/testing/dumps/small-forms";

const COLLECTION_COUNT = 12;
const DOCUMENT_COUNT = 2000;

function* collections(): Generator<ReadCollection> {
  for (let n = 0; n < COLLECTION_COUNT; n++)
    yield {
      namespace: `cut.c${n}`,
      database: "cut",
      collection: `c${n}`,
      kind: "collection",
      optionsText: "{}",
      indexTexts: [],
      documents: Array.from({ length: DOCUMENT_COUNT }, (_, i) =>
        Buffer.from(BSON.serialize({ _id: new Int32(i), text: `${n} ${i} `.repeat(60) })).toString("hex"),
      ),
    };
}

describe("an export from a dump that was cut off", () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let dumpFolder: string;
  let archiveFile: string;
  let whole: unknown;
  const settings = (archive: string, dump: string): string[] => [
    "export",
    "--source",
    "dump",
    "--dump",
    dump,
    "--archive",
    archive,
    "--part-mib",
    "0.1",
    "--jobs",
    "2",
  ];

  beforeAll(async () => {
    place = await folder();
    [dumpFolder, , archiveFile] = (await writeForms(place.path, [...collections()])) as [
      string,
      string,
      string,
    ];
    const archive = join(place.path, "whole");
    await mustEndWell(settings(archive, dumpFolder));
    whole = await contentOf(archive);
  });
  afterAll(() => place[Symbol.asyncDispose]());

  /** Kills an export when something holds, which must be before it is done. */
  async function killWhen(archive: string, dump: string, holds: () => Promise<boolean>): Promise<void> {
    const run = start(settings(archive, dump));
    await until("the moment to kill", holds);
    run.kill("SIGKILL");
    expect((await run).signal).toBe("SIGKILL");
    expect(existsSync(join(archive, "manifest.json"))).toBe(false);
  }

  const progressOf = (archive: string): Promise<string> =>
    readFile(join(archive, "export-progress.ndjson"), "utf8").catch(() => "");
  const finishedIn = (text: string): number => text.split('"kind":"finished"').length - 1;

  test("begins anew where another dump was put in the place of the first", async () => {
    const [archive, dump] = [join(place.path, "replaced"), join(place.path, "nightly.archive")];
    await cp(archiveFile, dump);
    await killWhen(archive, dump, async () => (await progressOf(archive)).includes('"kind":"collection"'));
    const later = new Date(Date.now() + 86_400_000);
    await utimes(dump, later, later);
    const { output } = await mustEndWell(settings(archive, dump));
    expect(output).toContain("from the beginning again");
    expect(output).not.toContain("Going on");
    expect(await contentOf(archive)).toEqual(whole);
    await mustEndWell(["verify", "--archive", archive]);
  });

  test("is done where only its tidying up was left, whatever became of the dump", async () => {
    const [archive, dump] = [join(place.path, "done"), join(place.path, "gone.archive")];
    await cp(archiveFile, dump);
    await killWhen(archive, dump, async () => (await progressOf(archive)).includes('"kind":"collection"'));
    const begun = (await progressOf(archive)).split("\n")[0]!;
    await mustEndWell(settings(archive, dump));
    await writeFile(join(archive, "export-progress.ndjson"), `${begun}\n`);
    const later = new Date(Date.now() + 86_400_000);
    await utimes(dump, later, later);
    const { output } = await mustEndWell(settings(archive, dump));
    expect(output).not.toContain("from the beginning again");
    expect(await contentOf(archive)).toEqual(whole);
    expect(existsSync(join(archive, "export-progress.ndjson"))).toBe(false);
    await mustEndWell(["verify", "--archive", archive]);
  });

  test("keeps what was finished of a folder, and ends as one that was not cut off", async () => {
    const archive = join(place.path, "from-folder");
    for (const count of [1, 4])
      await killWhen(archive, dumpFolder, async () => finishedIn(await progressOf(archive)) >= count);
    const again = await firebreak(settings(archive, dumpFolder));
    expect(again).toMatchObject({ exitCode: 0, output: expect.stringContaining("Going on") as string });
    expect(await contentOf(archive)).toEqual(whole);
    await mustEndWell(["verify", "--archive", archive]);
  });

  test("begins an archive file again, and ends as one that was not cut off", async () => {
    const archive = join(place.path, "from-archive");
    for (const part of ["00001", "00006"])
      await killWhen(archive, archiveFile, async () =>
        existsSync(join(archive, "source", "cut", "c3", `${part}.ndjson.zst`)),
      );
    expect(finishedIn(await progressOf(archive))).toBe(0);
    await mustEndWell(settings(archive, archiveFile));
    expect(await contentOf(archive)).toEqual(whole);
    await mustEndWell(["verify", "--archive", archive]);
  });

  test("goes on with the same dump only", async () => {
    const archive = join(place.path, "other-dump");
    await killWhen(archive, dumpFolder, async () => finishedIn(await progressOf(archive)) >= 1);
    const { exitCode, output } = await firebreak(settings(archive, archiveFile));
    expect(exitCode).toBe(6);
    expect(output).toContain(dumpFolder);
    expect(output).toContain(archiveFile);
  });
});
