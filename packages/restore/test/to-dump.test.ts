import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyOf, folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { start } from "@firebreak/testing/command-line/firebreak";
import { exported } from "@firebreak/testing/recipes/exported";
import { restoredToDump } from "@firebreak/testing/recipes/restored";
import { until } from "@firebreak/testing/servers/until";
import { fixturePath, lacksFixture, whyNoFixture } from "@firebreak/testing/dumps/fixture";
import { readDump } from "@firebreak/testing/dumps/read-dump";
import { SMALL, writeDump } from "@firebreak/testing/dumps/small-dump";

let place: Awaited<ReturnType<typeof folder>>;
let archive: string;
beforeAll(async () => {
  place = await folder();
  await writeDump(join(place.path, "dump"), SMALL);
  archive = join(place.path, "archive");
  await well(exported(archive, join(place.path, "dump"), { partMib: 0.002 }));
});
afterAll(() => place[Symbol.asyncDispose]());

describe("an archive written as a dump", () => {
  test("has every collection of every kind, documents byte for byte, options and indexes", async () => {
    const dump = join(place.path, "again");
    const { text } = await well(restoredToDump(archive, dump));
    expect(text).toContain("small.many");
    expect(await readDump(dump)).toEqual(SMALL);
    expect((await readdir(dump)).sort()).toEqual(["other", "small"]);
  });

  test("has what the globs let through", async () => {
    const dump = join(place.path, "few");
    await well(restoredToDump(archive, dump, { include: ["other.*"] }));
    expect(await readDump(dump)).toEqual(SMALL.filter((c) => c.database === "other"));
    const none = await restoredToDump(archive, dump, { include: ["x.*"] });
    expect(none.ending, none.text).toBe("restore-nothing");
  });

  test("does not go where something is, and takes an empty folder", async () => {
    const dump = join(place.path, "taken");
    await mkdir(dump);
    await well(restoredToDump(archive, dump));
    const again = await restoredToDump(archive, dump);
    expect(again).toMatchObject({ error: { exitCode: 6 }, text: expect.stringContaining(dump) as string });
    expect(await readDump(dump)).toEqual(SMALL);
  });

  test("is not begun from a damaged archive", async () => {
    const damaged = await copyOf(archive, place.path);
    const [part] = (await namespacesOf(damaged)).flatMap((n) => n.parts);
    await writeFile(join(damaged, part!.file), "nothing");
    const dump = join(place.path, "damaged");
    const { error, text } = await restoredToDump(damaged, dump);
    expect({ exitCode: error?.exitCode, isNamed: text.includes(part!.file) }).toEqual({
      exitCode: 5,
      isNamed: true,
    });
    await expect(readdir(dump)).rejects.toThrow("ENOENT");
  });

  test("killed and written again is whole", async () => {
    const dump = join(place.path, "killed");
    const run = start(["restore", "--archive", archive, "--to-dump", dump]);
    await until("the beginning of a dump", async () => {
      const names = await readdir(dump).catch(() => []);
      return names.some((name) => name !== "restore.lock");
    });
    run.kill("SIGKILL");
    await run;
    if ((await readdir(dump)).includes("unfinished.firebreak")) await well(restoredToDump(archive, dump));
    expect(await readDump(dump)).toEqual(SMALL);
  });
});

describe.skipIf(lacksFixture)(`what mongodump 100.18 wrote, through an archive${whyNoFixture}`, () => {
  test("comes out as it went in", async () => {
    const [through, dump] = [join(place.path, "fixture"), join(place.path, "fixture-dump")];
    await well(exported(through, fixturePath("folder")));
    await well(restoredToDump(through, dump));
    expect(await readDump(dump)).toEqual(await readDump(fixturePath("folder")));
    const names = await readdir(join(fixturePath("folder"), "fixture"));
    expect((await readdir(join(dump, "fixture"))).sort()).toEqual(
      names.filter((name) => name !== "prelude.json").sort(),
    );
  });
});
