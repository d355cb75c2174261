import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { eventsOf, firebreak, type Ended } from "@firebreak/testing/command-line/firebreak";
import { SMALL } from "@firebreak/testing/dumps/small-dump";
import { writeForms } from "@firebreak/testing/dumps/small-forms";

describe("an export from a dump that is refused", () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let dumpFolder: string;
  let archiveFile: string;
  beforeAll(async () => {
    place = await folder();
    [dumpFolder, , archiveFile] = (await writeForms(place.path, SMALL)) as [string, string, string];
  });
  afterAll(() => place[Symbol.asyncDispose]());

  let archiveCount = 0;
  async function exportOf(dump: string, ...args: string[]): Promise<Ended & { archive: string }> {
    const archive = join(place.path, `archive-${archiveCount++}`);
    const ended = await firebreak([
      "export",
      "--source",
      "dump",
      "--dump",
      dump,
      "--archive",
      archive,
      ...args,
    ]);
    return { ...ended, archive };
  }

  test("for want of a dump, or of one in the place, ends with 5 and names the place", async () => {
    for (const path of [join(place.path, "nowhere"), import.meta.filename]) {
      const { exitCode, stderr, archive } = await exportOf(path);
      expect(exitCode).toBe(5);
      expect(stderr).toContain(path);
      expect(stderr).toContain("--dump");
      await expect(readdir(archive)).rejects.toThrow("ENOENT");
    }
  });

  test("since nothing matches ends with 2 and names the dump", async () => {
    const { exitCode, stderr, archive } = await exportOf(archiveFile, "--include", "no.such");
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`The dump ${archiveFile} has no collection that matches no.such`);
    await expect(readdir(archive)).rejects.toThrow("ENOENT");
  });

  test("since one pattern of two matches nothing ends with 2 and names what is nearest", async () => {
    for (const dump of [archiveFile, dumpFolder]) {
      const { exitCode, stderr } = await exportOf(dump, "--include", "small.*", "--include", "other.thing");
      expect(exitCode).toBe(2);
      expect(stderr).toContain("--include other.thing matches nothing");
      expect(stderr).toContain("other.things");
    }
  });

  test("since a file is damaged ends with 5, its name and the byte, and is no archive", async () => {
    const file = join(dumpFolder, "other", "things.bson");
    const whole = await readFile(file);
    await writeFile(file, whole.subarray(0, -3));
    const { exitCode, stderr, archive } = await exportOf(dumpFolder);
    await writeFile(file, whole);
    expect(exitCode).toBe(5);
    expect(stderr).toContain(file);
    expect(stderr).toMatch(/at byte \d+ of its content: it ends after \d+ bytes of a document/);
    expect(await readdir(archive)).not.toContain("manifest.json");
  });

  test("since an archive file is damaged ends with 5, and goes on when that is mended", async () => {
    const file = join(place.path, "spoilt.archive");
    const bytes = await readFile(archiveFile);
    await writeFile(file, bytes.subarray(0, -5));
    const { exitCode, stdout, archive } = await exportOf(file, "--json");
    expect(exitCode).toBe(5);
    expect(eventsOf({ stdout } as Ended).at(-1)).toMatchObject({
      event: "summary",
      error: { code: "dump-damaged" },
    });
    await writeFile(file, bytes);
    const again = await firebreak(["export", "--source", "dump", "--dump", file, "--archive", archive]);
    expect(again.exitCode).toBe(0);
    await rm(file);
  });

  test("leaves a finished archive as it is", async () => {
    const { archive } = await exportOf(archiveFile);
    const before = await readFile(join(archive, "manifest.json"), "utf8");
    const again = await firebreak([
      "export",
      "--source",
      "dump",
      "--dump",
      archiveFile,
      "--archive",
      archive,
    ]);
    expect(again.exitCode).toBe(6);
    expect(again.output).toContain("finished archive already");
    expect(await readFile(join(archive, "manifest.json"), "utf8")).toBe(before);
  });
});

describe("the flags of an export from a dump", () => {
  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["need the dump", ["--source", "dump"], /--source dump takes --dump PATH/],
    ["need the source", ["--dump", "/no/such"], /only with --source dump/],
    ["do not go with a server", ["--source", "mongodb", "--dump", "/no/such"], /only with --source dump/],
    ["need a value", ["--source", "dump", "--dump", ""], /--dump takes a value/],
    ["know no other source", ["--source", "oracle"], /oracle/],
  ];
  test.each(wrong)("%s", async (_, args, says) => {
    const { exitCode, stderr, stdout } = await firebreak([
      "export",
      "--archive",
      "/no/such/archive",
      ...args,
    ]);
    expect(stderr).toMatch(says);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });

  test("may stand in a file, where a source that is none is refused too", async () => {
    await using place = await folder();
    const config = join(place.path, "firebreak.yaml");
    await writeFile(config, `source: dump\ndump: nowhere\n`);
    const found = await firebreak(["export", "--config", config], { cwd: place.path });
    expect(found.exitCode).toBe(5);
    expect(found.stderr).toContain(join(place.path, "nowhere"));
    await writeFile(config, `source: dmup\n`);
    const { exitCode, stderr } = await firebreak(["export", "--config", config]);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("source takes one of mongodb, mysql, dump") as string,
    });
  });

  test("are shown by help, with an example", async () => {
    const { stdout } = await firebreak(["export", "--help"]);
    expect(stdout).toContain("--dump");
    expect(stdout).toContain("pnpm export --source dump --dump");
  });
});
