import { join } from "node:path";
import type { Db } from "mongodb";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName, sqlDatabase } from "@firebreak/testing/servers/databases";
import { eventsOf, mustEndWell } from "@firebreak/testing/command-line/firebreak";

const { isLacking, why } = lacking("mysql", "mongodb", "standalone");
describe.skipIf(isLacking)(`deltas from MySQL to MongoDB${why}`, () => {
  const documentsOf = async (db: Db): Promise<Record<string, unknown[]>> => {
    const found: Record<string, unknown[]> = {};
    for (const { name } of await db.listCollections().toArray())
      if (name !== "firebreak_ledger")
        found[name] = await db.collection(name).find({}, { promoteValues: false }).sort({ _id: 1 }).toArray();
    return found;
  };

  test("bring the documents to what a load of the whole would make of the rows", async () => {
    await using place = await folder();
    await using source = await sqlDatabase("mysql", ownName("sqldelta"));
    await using target = await mongodbDatabase(source.name, "standalone");
    await using fresh = await mongodbDatabase(`${source.name}_fresh`);
    const urls = { mysqlUrl: source.url, mongodbUrl: target.url };
    const at = (name: string): string => join(place.path, name);
    const sql = (text: string): Promise<unknown> => source.connection.query(text);
    const link = async (name: string, previous?: string): Promise<unknown> => {
      const from = previous === undefined ? [] : ["--delta-from", at(previous)];
      await mustEndWell(["export", "--source", "mysql", "--archive", at(name), ...from], urls);
      return eventsOf(
        await mustEndWell(["load", "--to", "mongodb", "--archive", at(name), "--json"], urls),
      ).at(-1);
    };
    await sql("CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(20), KEY (name))");
    await sql("CREATE TABLE pairs (a VARCHAR(5), b BIGINT, text TEXT, PRIMARY KEY (a, b))");
    await sql("CREATE TABLE heap (x INT, y DECIMAL(5,2))");
    await sql("CREATE TABLE same (id INT PRIMARY KEY)");
    await sql("CREATE TABLE gone (id INT PRIMARY KEY)");
    const ids = Array.from({ length: 3000 }, (_, id) => id);
    await sql(`INSERT INTO people VALUES ${ids.map((id) => `(${id}, 'Name ${id}')`).join()}`);
    await sql(`INSERT INTO pairs VALUES ${ids.map((id) => `('k${id % 7}', ${id}, 'text')`).join()}`);
    await sql("INSERT INTO heap VALUES (1, 1.00), (1, 1.00), (2, 2.50)");
    await sql("INSERT INTO same VALUES (1), (2)");
    await sql("INSERT INTO gone VALUES (1)");
    await link("full");
    await sql("UPDATE people SET name = 'another' WHERE id % 100 = 3");
    await sql("DELETE FROM people WHERE id BETWEEN 500 AND 520");
    await sql("INSERT INTO people VALUES (-1, NULL), (5000, 'new')");
    await sql("UPDATE pairs SET b = b + 100000 WHERE a = 'k3' AND b < 50");
    await sql("DELETE FROM heap WHERE x = 2");
    await sql("DROP TABLE gone");
    await sql("CREATE TABLE late (id INT PRIMARY KEY, at DATETIME(3))");
    await sql("INSERT INTO late VALUES (1, '2024-02-29 12:00:00.123')");
    expect(await link("one", "full")).toMatchObject({ ok: true });
    await sql("UPDATE people SET name = 'yet another' WHERE id IN (3, 103)");
    await sql("DELETE FROM people WHERE id = 203");
    await sql("INSERT INTO people VALUES (510, 'back')");
    await sql("DELETE FROM late");
    expect(await link("two", "one")).toMatchObject({
      ok: true,
      namespaces: expect.arrayContaining([
        expect.objectContaining({
          namespace: `${source.name}.people`,
          lines: 3,
          deletes: 1,
          loaded: 3,
          equal: true,
        }),
      ]) as unknown,
    });
    await mustEndWell(["checksum", "--against", "mongodb", "--archive", at("two")], urls);
    await mustEndWell(["export", "--source", "mysql", "--archive", at("fresh")], urls);
    await mustEndWell(["load", "--to", "mongodb", "--archive", at("fresh")], {
      ...urls,
      mongodbUrl: fresh.url,
    });
    const wanted = await documentsOf(fresh.db);
    expect(Object.keys(wanted).sort()).toEqual(["heap", "late", "pairs", "people", "same"]);
    expect(await documentsOf(target.db)).toEqual(wanted);
  });
});
