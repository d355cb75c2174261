import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { benchMessages, fillCollection } from "../../../../fixtures/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { cuttingProxy, type CuttingProxy } from "@firebreak/testing/servers/cutting-proxy";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { mustEndWell, start, type Ended } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";

/** The bytes that a connection passes before it is cut: the export needs many connections and takes its time. */
const FEW_BYTES = 400_000;

for (const server of ["mongodb", "standalone"] as const) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`what is dropped during an export from a ${server}${why}`, () => {
    const name = ownName(`drop_${server}`);
    let source: Awaited<ReturnType<typeof mongodbDatabase>>;
    let place: Awaited<ReturnType<typeof folder>>;
    let proxy: CuttingProxy;
    beforeAll(async () => {
      place = await folder();
      source = await mongodbDatabase(name, server);
      proxy = await cuttingProxy(Number(new URL(source.url).port));
    });
    afterAll(async () => {
      await proxy[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    /** Exports two collections, and has something dropped while the first is read. */
    async function exportAmid(
      archive: string,
      drop: () => Promise<unknown>,
    ): Promise<Pick<Ended, "exitCode" | "stdout">> {
      await fillCollection(source.db.collection("a"), benchMessages({ seed: 3, count: 6_000 }));
      await source.db.collection("b").insertMany([{ n: 1 }, { n: 2 }]);
      proxy.limitBytes = FEW_BYTES;
      const mongodbUrl = `mongodb://127.0.0.1:${proxy.port}/${name}?directConnection=true&serverSelectionTimeoutMS=500`;
      const run = start(["export", "--archive", archive, "--part-mib", "0.1", "--jobs", "1"], { mongodbUrl });
      const files = (): Promise<string[]> =>
        readdir(join(archive, "source"), { recursive: true }).catch(() => []);
      await until("a part", async () => (await files()).some((file) => file.endsWith(".zst")));
      await drop();
      proxy.limitBytes = Infinity;
      const { exitCode, stdout } = await run;
      return { exitCode, stdout };
    }

    test("a database: the exit code says that it is not all there, and names what is gone", async () => {
      const archive = join(place.path, "database");
      const { exitCode, stdout } = await exportAmid(archive, () => source.db.dropDatabase());
      expect(exitCode, stdout).toBe(3);
      expect(stdout).toMatch(new RegExp(`${name}: collections a, b \\(dropped or renamed`));
      await mustEndWell(["verify", "--archive", archive]);
    });

    test("a collection: it is named; an archive of one moment is whole without it", async () => {
      const archive = join(place.path, "collection");
      const { exitCode, stdout } = await exportAmid(archive, () => source.db.dropCollection("b"));
      const names = (await namespacesOf(archive)).map((n) => n.namespace);
      if (server === "mongodb") {
        expect(exitCode, stdout).toBe(0);
        expect(stdout).toMatch(new RegExp(`Dropped or renamed at .*: ${name}\\.b\\.`));
        expect(names).toEqual([`${name}.a`]);
      } else {
        expect(exitCode, stdout).toBe(3);
        expect(stdout).toContain(`${name}.b is no longer at the source`);
        expect(stdout).toContain(`${name}: collection b (dropped or renamed`);
      }
    });
  });
}
