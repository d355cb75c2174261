import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { eventsOf, firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import {
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";

const { isLacking, why } = lacking("mongodb", "mysql");
const times = { p50Ms: expect.any(Number), p95Ms: expect.any(Number), p99Ms: expect.any(Number) };

describe.skipIf(isLacking)(`query-test on the command line${why}`, () => {
  const name = ownName("query_command");
  let source: Awaited<ReturnType<typeof mongodbDatabase>>;
  let target: SqlDatabase;
  let place: Awaited<ReturnType<typeof folder>>;
  const archive = (): string => join(place.path, "archive");
  const urls = () => ({ mongodbUrl: source.url, mysqlUrl: target.url });
  const run = (...args: string[]) => firebreak(["query-test", "--archive", archive(), ...args], urls());

  beforeAll(async () => {
    source = await mongodbDatabase(name);
    await source.db
      .collection<{ _id: number; city: string }>("people")
      .insertMany(Array.from({ length: 50 }, (_, i) => ({ _id: i, city: `city ${i % 5}` })));
    await source.db.collection("people").createIndex({ city: 1 });
    target = await sqlDatabase("mysql", name);
    place = await folder();
    await mustEndWell(["export", "--archive", archive()], urls());
  });
  afterAll(async () => {
    await source[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  test("an archive that is not transformed is refused, with the remedy", async () => {
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(5);
    expect(stderr).toContain("Run pnpm transform first");
  });

  test("equal answers end with 0, and the summary has each query with its percentiles", async () => {
    await mustEndWell(["load", "--archive", archive()], urls());
    const ended = await run("--json", "--connections", "2");
    expect(ended.exitCode).toBe(0);
    const events = eventsOf(ended);
    const queries = ["by _id", "page by _id", "by city (city_1)"].map((query) => `${name}.people ${query}`);
    expect(events.filter(({ event }) => event === "query").map((event) => event["name"])).toEqual(queries);
    expect(events.at(-1)).toMatchObject({ event: "summary", command: "query-test", ok: true });
    expect(events.at(-1)?.["queries"]).toEqual(
      queries.map((query) => ({ name: query, source: times, target: times, answersEqual: true })),
    );
  });

  test("people read one line for each query", async () => {
    const { exitCode, stdout } = await run("--include", `${name}.*`);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^query +runs +rows +source p50 +p95 +p99 +first +at once +target p50/m);
    expect(stdout.match(/people .* yes$/gm)).toHaveLength(3);
  });

  test("answers that differ end with 4, and name query, parameters and values, also with --quiet", async () => {
    await target.connection.query("UPDATE people SET city = 'elsewhere' WHERE _id = 0");
    const { exitCode, stderr } = await run("--quiet");
    expect(exitCode).toBe(4);
    expect(stderr).toContain(`${name}.people by _id: the answers differ for _id {"$numberInt":"0"}`);
    expect(stderr).toContain('row 1, city: source "city 0", target "elsewhere"');
  });

  test("a file of queries that is not as it should be is refused with its name", async () => {
    const { exitCode, stderr } = await run("--file", join(place.path, "none.yaml"));
    expect(exitCode).toBe(2);
    expect(stderr).toContain("none.yaml cannot be read");
  });
});
