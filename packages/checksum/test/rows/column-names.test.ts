import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, ownName, sqlDatabase } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";

const { isLacking, why } = lacking("mongodb", "mysql");
test.skipIf(isLacking)(`a column whose name has other capitals is not said to be missing${why}`, async () => {
  await using place = await folder();
  await using database = await sqlDatabase("mysql", ownName("capitals"));
  const archive = await makeArchive(place.path, {
    database: ownName("capitals"),
    collections: { people: [{ _id: 1, name: "Ada" }] },
  });
  await mustEndWell(["load", "--archive", archive], { mysqlUrl: database.url });
  await database.connection.query("ALTER TABLE people RENAME COLUMN name TO NAME");
  const equal = await firebreak(["checksum", "--archive", archive], { mysqlUrl: database.url });
  expect(equal.exitCode, equal.output).toBe(0);
  await database.connection.query("ALTER TABLE people RENAME COLUMN NAME TO called");
  const lacks = await firebreak(["checksum", "--archive", archive], { mysqlUrl: database.url });
  expect(lacks.exitCode, lacks.output).toBe(4);
  expect(lacks.output).toContain("lacks name");
});
