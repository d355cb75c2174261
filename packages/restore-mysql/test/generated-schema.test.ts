import { join } from "node:path";
import { type Outcome } from "@firebreak/testing/recipes/outcome";
import { restoredToMysql } from "@firebreak/testing/recipes/restored";
import { exported } from "@firebreak/testing/recipes/exported";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  urlOf,
  type SqlDatabase,
  type SqlServer,
} from "@firebreak/testing/servers/databases";
import { awkwardObjects, generatedSchema } from "./generated-schema.ts";
import { contentOf } from "@firebreak/testing/tables/table-content";

/** The number of generated schemas. Soak sets it higher, and then the stock tools run too. */
const RUNS = Number(process.env["FIREBREAK_SCHEMA_RUNS"] ?? 1);
const IS_SOAK = process.env["FIREBREAK_SCHEMA_RUNS"] !== undefined;
const FIRST_SEED = Number(process.env["FIREBREAK_SCHEMA_SEED"] ?? 1);

const STOCK = {
  mysql: { folder: process.env["FIREBREAK_TEST_MYSQL_BIN"], dump: "mysqldump", client: "mysql" },
  mariadb: { folder: process.env["FIREBREAK_TEST_MARIADB_BIN"], dump: "mariadb-dump", client: "mariadb" },
} as const;

/** Runs statements; returns how many of them the server took. */
async function make({ connection }: SqlDatabase, statements: readonly string[]): Promise<number> {
  let taken = 0;
  for (const statement of statements)
    await connection.query(statement).then(
      () => taken++,
      () => undefined,
    );
  return taken;
}

/** Returns true if the server's own tools carry a database over into another. */
async function stockCarries(server: SqlServer, from: string, to: string): Promise<boolean> {
  const { folder: bin, dump, client } = STOCK[server];
  const { hostname, port, username } = new URL(urlOf(server));
  const login = ["--no-defaults", "-h", hostname, "-P", port, "-u", username || "root", "--protocol=tcp"];
  const dumped = await execa(
    join(bin!, dump),
    [...login, "--routines", "--events", "--hex-blob", "--single-transaction", from],
    { reject: false, stripFinalNewline: false, encoding: "buffer" },
  );
  if (dumped.exitCode !== 0) return false;
  const loaded = await execa(join(bin!, client), [...login, to], { input: dumped.stdout, reject: false });
  return loaded.exitCode === 0;
}

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  const seeds = Array.from({ length: RUNS }, (_, i) => FIRST_SEED + i);
  describe.skipIf(isLacking)(`a schema of ${server} that chance has made${why}`, () => {
    const roundTrip = async (source: SqlDatabase, again: SqlDatabase, work: string): Promise<Outcome[]> => {
      const archive = join(work, "archive");
      const first = await exported(archive, source.url);
      await again.connection.query(`DROP DATABASE \`${again.name}\``);
      const renames = [`${source.name}=${again.name}`];
      return [first, await restoredToMysql(archive, urlOf(server), { renames })];
    };

    test.each(seeds)("comes back as it was: seed %i", async (seed) => {
      await using source = await sqlDatabase(server, ownName("chance"));
      await using again = await sqlDatabase(server, ownName("chance_again"));
      await using work = await folder();
      expect(await make(source, generatedSchema(seed, server, source.name))).toBeGreaterThan(20);
      for (const { ending, text } of await roundTrip(source, again, work.path))
        expect(ending, text).toBe("well");
      expect(await contentOf(again.connection, again.name)).toEqual(
        await contentOf(source.connection, source.name),
      );
    });

    const noTools = !IS_SOAK || STOCK[server].folder === undefined;
    test.skipIf(noTools).each(seeds)(
      "comes back where the stock tools bring it back: seed %i",
      async (seed) => {
        await using source = await sqlDatabase(server, ownName("chance"));
        await using again = await sqlDatabase(server, ownName("chance_again"));
        await using stock = await sqlDatabase(server, ownName("chance_stock"));
        await using work = await folder();
        const awkward = awkwardObjects(seed, server);
        await make(source, [
          ...generatedSchema(seed, server, source.name),
          ...awkward.flatMap(([, ...of]) => of),
        ]);
        const isCarried = await stockCarries(server, source.name, stock.name);
        const both = await roundTrip(source, again, work.path);
        const output = both.map((e) => e.text).join("\n");
        if (isCarried) {
          for (const { ending } of both) expect(ending, output).toBe("well");
          expect(await contentOf(again.connection, again.name)).toEqual(
            await contentOf(source.connection, source.name),
          );
          return;
        }
        for (const { ending } of both) expect(["well", "short", "unequal"], output).toContain(ending);
        if (both.some((e) => e.ending !== "well"))
          expect(
            awkward.some(([name]) => output.includes(`.${name} `) || output.includes(` ${name} `)),
            output,
          ).toBe(true);
      },
    );
  });
}
