import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readMysqlManifest } from "@firebreak/archive";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking, ownName, sqlDatabase, SQL_SERVERS } from "@firebreak/testing/servers/databases";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { checked } from "@firebreak/testing/recipes/checked";
import { smallArchive } from "@firebreak/testing/archives/small-archive";

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`tables whose columns somebody has made wider${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = await smallArchive(place.path);
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    test.skipIf(isLacking)(`are loaded and compared on ${server}${why}`, async () => {
      await using database = await sqlDatabase(server, ownName("wider"));
      const { manifest } = await readMysqlManifest(`${archive}/mysql`);
      for (const table of manifest.tables) await database.connection.query(table.createTable);
      await database.connection.query(
        "ALTER TABLE people MODIFY _id BIGINT NOT NULL, MODIFY name MEDIUMTEXT, MODIFY note VARCHAR(500), MODIFY picture LONGBLOB, MODIFY born DATETIME(3) AFTER _id",
      );
      await well(loaded(archive, database.url));
      await well(checked(archive, database.url));
      expect(await database.value("SELECT COUNT(*) FROM people")).toBe("50");
    });
  }
});
