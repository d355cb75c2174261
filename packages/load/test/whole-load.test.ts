import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyOf, folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking, ownName, sqlDatabase, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { checked } from "@firebreak/testing/recipes/checked";
import { smallArchive } from "@firebreak/testing/archives/small-archive";

const clients = {
  mysql: { folder: process.env["FIREBREAK_TEST_MYSQL_BIN"], name: "mysql" },
  mariadb: { folder: process.env["FIREBREAK_TEST_MARIADB_BIN"], name: "mariadb" },
} as const;

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`a load${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let whole: string;
  beforeAll(async () => {
    place = await folder();
    whole = await smallArchive(place.path);
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`into ${server}${why}`, () => {
      test("of an archive that was not transformed transforms it first", async () => {
        await using database = await sqlDatabase(server, ownName("first"));
        const archive = await copyOf(whole, place.path);
        await rm(join(archive, "mysql"), { recursive: true });
        await well(loaded(archive, database.url));
        await well(checked(archive, database.url));
        expect(await database.tables()).toEqual(["firebreak_ledger", "people", "places"]);
      });

      test("with --dry-run writes nothing", async () => {
        await using database = await sqlDatabase(server, ownName("dry"));
        await well(loaded(whole, database.url, { isDryRun: true }));
        expect(await database.tables()).toEqual([]);
      });

      test("goes to the collection's own database when the URL names none", async () => {
        await using database = await sqlDatabase(server, ownName("small"));
        await well(loaded(whole, urlOf(server)));
        await well(checked(whole, urlOf(server)));
        expect(await database.value("SELECT COUNT(*) FROM people")).toBe("50");
      });

      const client = clients[server];
      test.skipIf(client.folder === undefined)(
        `by load.sh, commits no part whose bytes stop half-way${client.folder === undefined ? " (skipped: no client)" : ""}`,
        async () => {
          await using database = await sqlDatabase(server, ownName("half"));
          const { hostname, port } = new URL(urlOf(server));
          const archive = await copyOf(whole, place.path);
          const script = join(archive, "mysql", "load.sh");
          // The files are whole; the decompressor is the one that stops.
          const text = await readFile(script, "utf8");
          const half = text
            .replace('*) zstd -dc "$1"', '*) zstd -dc "$1" | head -n 1')
            .replace(/^sha256sum.*$/m, "");
          await writeFile(script, half);
          const { exitCode, stderr } = await execa(
            "sh",
            [script, `--host=${hostname}`, `--port=${port}`, "--user=root", "--protocol=TCP"],
            {
              env: { MYSQL: join(client.folder ?? "", client.name), FIREBREAK_DATABASE: database.name },
              reject: false,
            },
          );
          expect(exitCode).not.toBe(0);
          expect(stderr).toContain("rows of this part are missing");
          const [table] = await database.tables();
          expect(await database.value(`SELECT COUNT(*) FROM \`${table}\``)).toBe("0");
        },
      );

      test.skipIf(client.folder === undefined)(
        `by load.sh, with zstd and the stock client alone, fills the same tables${client.folder === undefined ? " (skipped: no client)" : ""}`,
        async () => {
          await using database = await sqlDatabase(server, ownName("script"));
          const { hostname, port } = new URL(urlOf(server));
          const args = [`--host=${hostname}`, `--port=${port}`, "--user=root", "--protocol=TCP"];
          await execa("sh", [join(whole, "mysql", "load.sh"), ...args], {
            env: { MYSQL: join(client.folder ?? "", client.name), FIREBREAK_DATABASE: database.name },
          });
          expect(await database.tables()).toEqual(["people", "places"]);
          await well(checked(whole, database.url));
        },
      );
    });
  }

  const isRoot = process.getuid?.() === 0;
  test.skipIf(isRoot || lacking("mysql").isLacking)(
    `of an archive that cannot be written works beside it${isRoot ? " (skipped: root may write everywhere)" : ""}`,
    async () => {
      await using database = await sqlDatabase("mysql", ownName("readonly"));
      const archive = await copyOf(whole, place.path);
      await rm(join(archive, "mysql"), { recursive: true });
      await chmod(archive, 0o555);
      const work = join(place.path, "work");
      await well(loaded(archive, database.url, { work }));
      await well(checked(archive, database.url, { work }));
      expect(await readdir(archive)).not.toContain("mysql");
      await chmod(archive, 0o755);
    },
  );
});
