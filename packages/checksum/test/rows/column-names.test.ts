import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, ownName, sqlDatabase } from "@firebreak/testing/servers/databases";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { checked } from "@firebreak/testing/recipes/checked";

const { isLacking, why } = lacking("mongodb", "mysql");
test.skipIf(isLacking)(`a column whose name has other capitals is not said to be missing${why}`, async () => {
  await using place = await folder();
  await using database = await sqlDatabase("mysql", ownName("capitals"));
  const archive = await makeArchive(place.path, {
    database: ownName("capitals"),
    collections: { people: [{ _id: 1, name: "Ada" }] },
  });
  await well(loaded(archive, database.url));
  await database.connection.query("ALTER TABLE people RENAME COLUMN name TO NAME");
  const equal = await checked(archive, database.url);
  expect(equal.ending, equal.text).toBe("well");
  await database.connection.query("ALTER TABLE people RENAME COLUMN NAME TO called");
  const lacks = await checked(archive, database.url);
  expect(lacks.ending, lacks.text).toBe("unequal");
  expect(lacks.text).toContain("lacks name");
});
