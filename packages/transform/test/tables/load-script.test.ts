import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, ownName, sqlDatabase, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";
import { checked } from "@firebreak/testing/recipes/checked";

const clients = {
  mysql: { folder: process.env["FIREBREAK_TEST_MYSQL_BIN"], name: "mysql" },
  mariadb: { folder: process.env["FIREBREAK_TEST_MARIADB_BIN"], name: "mariadb" },
} as const;

/** Names that a shell, zstd or the client would take for an option, a command or several words. */
const NAMES = ["-LxRoom1", "--help", "-n", "two words", "it's", "`false`", "a;b", "*", "~", "#x"];

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking("mongodb", server);
  const client = clients[server];
  test.skipIf(isLacking || client.folder === undefined)(
    `load.sh fills tables whatever their collections are called, on ${server}${why}`,
    async () => {
      await using place = await folder();
      // A server takes a database of that name; as a word of a command line it is an option.
      await using database = await sqlDatabase(server, `-f_${ownName("names")}`);
      const archive = await makeArchive(place.path, {
        database: ownName("names"),
        isTransformed: true,
        collections: Object.fromEntries(NAMES.map((name) => [name, [{ _id: 1, name }]])),
      });
      const { hostname, port } = new URL(urlOf(server));
      const args = [`--host=${hostname}`, `--port=${port}`, "--user=root", "--protocol=TCP"];
      await execa("sh", [join(archive, "mysql", "load.sh"), ...args], {
        env: { MYSQL: join(client.folder ?? "", client.name), FIREBREAK_DATABASE: database.name },
      });
      expect(await database.tables()).toHaveLength(NAMES.length);
      await well(checked(archive, database.url));
    },
  );
}
