import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { benchMessages, fillCollection } from "../../../fixtures/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { eventsOf, firebreak, mustEndWell, start } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";

const FIXTURES = join(import.meta.dirname, "..", "..", "..", "fixtures");
const CLEAR = join(FIXTURES, "archive-v1");
const ENCRYPTED = join(FIXTURES, "archive-v1-encrypted");

let place: Awaited<ReturnType<typeof folder>>;
beforeEach(async () => {
  place = await folder();
});
afterEach(() => place[Symbol.asyncDispose]());

describe("status without a server", () => {
  test("says what is exported and transformed, with sizes", async () => {
    const ended = await mustEndWell(["status", "--archive", CLEAR, "--json"]);
    const [status, summary] = eventsOf(ended);
    expect(status).toMatchObject({
      event: "status",
      exported: { state: "complete", namespaces: 9, sizes: { lines: 73 } },
      transformed: { state: "complete", tables: 8, rows: { lines: 73 }, quarantined: 0 },
    });
    expect(status).not.toHaveProperty("target");
    expect(summary).toMatchObject({ event: "summary", command: "status", ok: true, exitCode: 0 });
    expect(JSON.stringify(summary)).toContain('"namespace":"small.many","documents":60,"lines":60');
    expect(JSON.stringify(summary)).toContain('"tables":[{"table":"many","rows":60}]');
  });

  test("says so in words", async () => {
    const { stdout } = await mustEndWell(["status", "--archive", CLEAR]);
    expect(stdout).toMatch(/exported +complete: 73 lines of 9 namespaces/);
    expect(stdout).toMatch(/transformed +complete: 73 rows of 8 tables, 0 in quarantine/);
  });

  test("of an archive that is not transformed, or half", async () => {
    const archive = join(place.path, "archive");
    await cp(CLEAR, archive, { recursive: true });
    await rm(join(archive, "mysql", "manifest.json"));
    const half = await mustEndWell(["status", "--archive", archive]);
    expect(half.stdout).toMatch(/transformed +not finished/);
    await rm(join(archive, "mysql"), { recursive: true });
    expect((await mustEndWell(["status", "--archive", archive])).stdout).toMatch(/transformed +not yet/);
  });

  test("of an encrypted archive shows sizes without a key, and all with it", async () => {
    const key = join(place.path, "key");
    await writeFile(key, "AGE-SECRET-KEY-1DD0F7EGNYU7N0PQN9Y6V3MRJRD3PP25KEFFY5U6NUAPED9PXFMQQMYCU2L");
    const closed = await mustEndWell(["status", "--archive", ENCRYPTED]);
    expect(closed.stdout).toMatch(/exported +complete: 73 lines, /);
    const open = await mustEndWell(["status", "--archive", ENCRYPTED, "--identity", key]);
    expect(open.stdout).toMatch(/exported +complete: 73 lines of 9 namespaces, /);
  });

  test("of what is no archive ends with 5 and says what is wrong", async () => {
    const empty = join(place.path, "empty");
    await mkdir(empty);
    for (const [archive, saying] of [
      [join(place.path, "none"), "no archive at"],
      [empty, "never finished"],
    ] as const) {
      const { exitCode, stderr } = await firebreak(["status", "--archive", archive]);
      expect(stderr).toContain(saying);
      expect(exitCode).toBe(5);
    }
  });

  test("with a URL but without the key of an encrypted archive asks for the key", async () => {
    const settings = { mysqlUrl: "mysql://root@127.0.0.1:1/db" };
    const { exitCode, stderr } = await firebreak(["status", "--archive", ENCRYPTED], settings);
    expect(stderr).toContain("--identity");
    expect(exitCode).toBe(5);
  });

  test("with a URL where nothing answers ends with 7", async () => {
    const settings = { mysqlUrl: "mysql://root:geheim123@127.0.0.1:1/db" };
    expect(await firebreak(["status", "--archive", CLEAR], settings)).toMatchObject({ exitCode: 7 });
  });
});

const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking)(`status of an export${why}`, () => {
  test("that was cut off says how far it had come, and changes nothing", async () => {
    const archive = join(place.path, "archive");
    await using source = await mongodbDatabase(ownName("status"));
    await fillCollection(source.db.collection("messages"), benchMessages({ seed: 5, count: 60_000 }));
    const log = join(archive, "export-progress.ndjson");
    const run = start(["export", "--archive", archive, "--part-mib", "1", "--jobs", "1"], {
      mongodbUrl: source.url,
    });
    await until("a part that is done", async () =>
      (await readFile(log, "utf8").catch(() => "")).includes('"kind":"finished"'),
    );
    run.kill("SIGKILL");
    await run;
    const before = [await readFile(log, "utf8"), await readdir(archive, { recursive: true })];
    const ended = await mustEndWell(["status", "--archive", archive, "--json"]);
    const [status] = eventsOf(ended);
    const exported = status?.["exported"] as { namespaces: { documents: number; rangesPlanned: number }[] };
    expect(status).toMatchObject({ exported: { state: "unfinished" }, transformed: { state: "none" } });
    expect(exported.namespaces[0]?.documents).toBeGreaterThan(0);
    expect(exported.namespaces[0]?.documents).toBeLessThan(60_000);
    expect(ended.stderr).toMatch(/not finished, begun 20/);
    expect([await readFile(log, "utf8"), await readdir(archive, { recursive: true })]).toEqual(before);
  });
});
