import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import {
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { eventsOf, firebreak, start } from "@firebreak/testing/command-line/firebreak";

const { isLacking, why } = lacking("mongodb", "mysql");
describe.skipIf(isLacking)(`output${why}`, () => {
  const name = ownName("json");
  let source: Awaited<ReturnType<typeof mongodbDatabase>>;
  let target: SqlDatabase;
  let place: Awaited<ReturnType<typeof folder>>;
  beforeAll(async () => {
    source = await mongodbDatabase(name);
    target = await sqlDatabase("mysql", name);
    place = await folder();
    await source.db.collection("c").insertMany([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });
  afterAll(async () => {
    await source[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });
  const run = (verb: string, ...args: string[]): ReturnType<typeof firebreak> =>
    firebreak([verb, "--archive", join(place.path, "archive"), ...args], {
      ...(verb === "export" || verb === "restore" ? { mongodbUrl: source.url } : {}),
      ...(verb === "load" || verb === "checksum" ? { mysqlUrl: target.url } : {}),
    });

  const accounts = {
    export: { documents: 3, lines: 3 },
    transform: {
      lines: 3,
      quarantined: 0,
      skipped: 0,
      collapsed: 0,
      notCarried: [],
      tables: [{ table: "c", rows: 3, extra: [] }],
    },
    verify: { documents: 3, lines: 3 },
    load: {
      lines: 3,
      quarantinedAtLoad: 0,
      notCarried: [],
      tables: [{ table: "c", rows: 3, loaded: 3, extra: [] }],
    },
    checksum: {
      quarantinedAtLoad: 0,
      tables: [{ table: "c", rows: 3, digested: 3, equal: true, extra: [] }],
    },
    restore: { documents: 3, lines: 3, loaded: 3, digested: 3, equal: true },
  } as const;
  for (const [verb, account] of Object.entries(accounts))
    test(`of ${verb} --json is events alone, the summary with its account last`, async () => {
      const ended = await run(verb, "--json", ...(verb === "restore" ? ["--drop", "--yes"] : []));
      expect(ended.exitCode).toBe(0);
      const events = eventsOf(ended);
      expect(events.filter(({ event }) => event === "summary")).toHaveLength(1);
      expect(events.at(-1)).toMatchObject({
        event: "summary",
        command: verb,
        ok: true,
        namespaces: [{ namespace: `${name}.c`, ...account }],
        elapsedMs: expect.any(Number) as number,
      });
    });

  test("that nobody reads to its end stops no work, and shows no stack", async () => {
    const children = Array.from({ length: 3 }, () =>
      start(["verify", "--archive", join(place.path, "archive")]),
    );
    for (const child of children) {
      child.stdout.destroy();
      const { exitCode, stderr } = await child;
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    }
  });

  test("of a failed run with --json ends with a summary that says why", async () => {
    const ended = await run("export", "--json");
    expect(ended.exitCode).toBe(6);
    expect(eventsOf(ended).at(-1)).toMatchObject({
      event: "summary",
      ok: false,
      error: {
        code: "archive-exists",
        problem: expect.any(String) as string,
        remedy: expect.any(String) as string,
      },
    });
    expect(ended.stderr).toContain("finished archive already");
  });

  test("for people ends with the account, on stdout", async () => {
    const { stdout, stderr } = await run("checksum");
    expect(stdout).toMatch(/namespace\s.*equal/);
    expect(stdout).toMatch(new RegExp(`${name}\\.c\\s.*yes`));
    expect(stderr).toBe("");
  });

  test("with --quiet is nothing, but errors stay", async () => {
    expect(await run("verify", "--quiet")).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    const failed = await run("export", "--quiet");
    expect(failed.stdout).toBe("");
    expect(failed.stderr).toContain("finished archive already");
  });
});
