import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readMysqlManifest } from "@firebreak/archive";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, ownName, sqlDatabase, SQL_SERVERS } from "@firebreak/testing/servers/databases";
import { mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { smallArchive } from "../../../../testing/archives/small-archive.ts";

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
      await mustEndWell(["load", "--archive", archive], { mysqlUrl: database.url });
      await mustEndWell(["checksum", "--archive", archive], { mysqlUrl: database.url });
      expect(await database.value("SELECT COUNT(*) FROM people")).toBe("50");
    });
  }
});
