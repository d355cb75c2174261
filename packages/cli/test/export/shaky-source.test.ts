import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MongoClient, type Document } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { benchMessages, fillCollection } from "../../../../fixtures/src/index.ts";
import { startServers, type Servers } from "../../../../scripts/servers/servers.ts";
import { contentOf } from "@firebreak/testing/archives/manifest-entries";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, start } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";
import { cuttingProxy, type CuttingProxy } from "@firebreak/testing/servers/cutting-proxy";

const { isLacking, why } = lacking("mongodb");
const SETTINGS = ["--part-mib", "2", "--jobs", "2"];

/** Keys that the driver cannot take back as a bound, in a row: their fields move when it reads them. */
function oddKeys(count: number): Document[] {
  const odd = (n: number): Document => ({ _id: new Map<string, number>([["b", n]]).set("1", n) as never, n });
  return Array.from({ length: count }, (_, n) => ({ ...odd(n), text: "x".repeat(1000) }));
}

describe.skipIf(isLacking)(`an export over a network that cuts connections${why}`, () => {
  let source: Awaited<ReturnType<typeof mongodbDatabase>>;
  let place: Awaited<ReturnType<typeof folder>>;
  let proxy: CuttingProxy;
  let mongodbUrl: string;
  let whole: unknown;

  beforeAll(async () => {
    source = await mongodbDatabase(ownName("shaky"));
    place = await folder();
    await fillCollection(source.db.collection("messages"), benchMessages({ seed: 5, count: 30_000 }));
    await source.db.collection("odd").insertMany(oddKeys(1_000), { forceServerObjectId: true });
    await source.db.createCollection("capped", { capped: true, size: 1 << 26 });
    await fillCollection(source.db.collection("capped"), benchMessages({ seed: 6, count: 3_000 }));
    const archive = join(place.path, "whole");
    await mustEndWell(["export", "--archive", archive, ...SETTINGS], { mongodbUrl: source.url });
    whole = await contentOf(archive);
    const { port, pathname } = new URL(source.url);
    proxy = await cuttingProxy(Number(port));
    mongodbUrl = `mongodb://127.0.0.1:${proxy.port}${pathname}?directConnection=true&serverSelectionTimeoutMS=500`;
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await source[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  test("goes on from the last key, and has the parts of one that was not cut", async () => {
    proxy.limitBytes = 4_500_000;
    const archive = join(place.path, "cut");
    const { output } = await mustEndWell(["export", "--archive", archive, ...SETTINGS], { mongodbUrl });
    expect(proxy.cutCount).toBeGreaterThan(3);
    expect(output).toContain("does not answer");
    expect(await contentOf(archive)).toEqual(whole);
  });

  test("ends with 7 when the server stays away for longer than it was told, and goes on afterwards", async () => {
    proxy.limitBytes = 4_500_000;
    const cutBefore = proxy.cutCount;
    const archive = join(place.path, "given-up");
    const run = start(["export", "--archive", archive, ...SETTINGS, "--give-up-after", "0.03"], {
      mongodbUrl,
    });
    await until("a connection that was cut", () => Promise.resolve(proxy.cutCount > cutBefore));
    proxy.limitBytes = 0;
    const { exitCode, stderr } = await run;
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 7 });
    expect(stderr).not.toContain("    at ");
    proxy.limitBytes = Number.POSITIVE_INFINITY;
    const again = await mustEndWell(["export", "--archive", archive, ...SETTINGS], { mongodbUrl });
    expect(again.output).toContain("Going on");
    expect(await contentOf(archive)).toEqual(whole);
  });

  test("a wrong address is not waited for", async () => {
    const { exitCode } = await firebreak(["export", "--archive", join(place.path, "nowhere")], {
      mongodbUrl: "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300",
    });
    expect(exitCode).toBe(7);
  });
});

describe.skipIf(isLacking)(`an export whose primary steps down${why}`, () => {
  let servers: Servers<"mongodb-rs">;
  beforeAll(async () => {
    servers = await startServers(["mongodb-rs"]);
  });
  afterAll(() => servers.stopAll());

  test("waits for a primary and goes on", async () => {
    await using place = await folder();
    const { url } = servers["mongodb-rs"];
    await using client = await MongoClient.connect(url);
    await fillCollection(client.db("down").collection("m"), benchMessages({ seed: 5, count: 30_000 }));
    const mongodbUrl = `${url.replace(/\/$/, "")}/down`;
    const whole = join(place.path, "whole");
    await mustEndWell(["export", "--archive", whole, "--part-mib", "1"], { mongodbUrl });
    const archive = join(place.path, "stepped-down");
    const run = start(["export", "--archive", archive, "--part-mib", "1"], { mongodbUrl });
    await until("a finished range", async () => {
      const text = await readFile(join(archive, "export-progress.ndjson"), "utf8").catch(() => "");
      return text.includes('"kind":"finished"');
    });
    await client.db("admin").command({ replSetStepDown: 1, force: true });
    expect(await run).toMatchObject({ exitCode: 0 });
    expect(await contentOf(archive)).toEqual(await contentOf(whole));
  });
});
