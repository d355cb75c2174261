import { join } from "node:path";
import { exported, exportedDelta } from "@firebreak/testing/recipes/exported";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking, ownName, sqlDatabase } from "@firebreak/testing/servers/databases";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { checked } from "@firebreak/testing/recipes/checked";
import { loaded } from "@firebreak/testing/recipes/loaded";

const TABLES = [
  "CREATE TABLE keyed (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(30), picture BLOB, price DECIMAL(10,2), KEY (name))",
  "CREATE TABLE isam (id INT PRIMARY KEY, name VARCHAR(30)) ENGINE=MyISAM",
  "CREATE TABLE keyless (a INT, b TEXT)",
  "CREATE TABLE parent (id INT PRIMARY KEY)",
  "CREATE TABLE child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES parent (id) ON DELETE CASCADE)",
  `INSERT INTO keyed (name, picture, price) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
    SELECT CONCAT('name ', i), CHAR(i), i / 3 FROM n`,
  "INSERT INTO isam SELECT id, name FROM keyed",
  "INSERT INTO keyless SELECT id, name FROM keyed WHERE id < 50",
  "INSERT INTO parent SELECT id FROM keyed WHERE id < 20",
  "INSERT INTO child SELECT id, id FROM parent",
];

const CHANGES = [
  "UPDATE keyed SET name = 'changed' WHERE id < 10",
  "DELETE FROM keyed WHERE id > 190",
  "INSERT INTO keyed (name) VALUES ('new')",
  "UPDATE isam SET name = 'changed' WHERE id < 10",
  "DELETE FROM isam WHERE id > 190",
  "INSERT INTO keyless VALUES (1, 'twice'), (1, 'twice')",
  // Its child goes with it; that of another is given to one whose row the delta has too.
  "DELETE FROM parent WHERE id = 5",
  "INSERT INTO parent VALUES (99)",
  "UPDATE child SET p = 99 WHERE id = 3",
];

const { isLacking, why } = lacking("mysql");
test.skipIf(isLacking)(
  `tables of MySQL are themselves again after a delta, their engines and constraints too${why}`,
  async () => {
    await using place = await folder();
    await using source = await sqlDatabase("mysql", ownName("deltasource"));
    await using target = await sqlDatabase("mysql", ownName("deltatarget"));
    const [full, delta] = [join(place.path, "full"), join(place.path, "delta")];
    const load = async (archive: string): Promise<void> => {
      await well(transformed(archive, { to: "mysql" }));
      const ended = await loaded(archive, target.url);
      expect(ended.ending, ended.text).toBe("well");
    };
    for (const statement of TABLES) await source.connection.query(statement);
    await well(exported(full, source.url));
    await load(full);
    for (const statement of CHANGES) await source.connection.query(statement);
    await well(exportedDelta(delta, source.url, full));
    await load(delta);
    await well(checked(delta, target.url));
    expect(
      await target.value(
        "SELECT engine FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'isam'",
      ),
    ).toBe("MyISAM");
    await target.connection.query("DELETE FROM parent WHERE id = 99");
    expect(await target.value("SELECT COUNT(*) FROM child WHERE id = 3")).toBe("0");
    expect(await target.value("SELECT COUNT(*) FROM keyless")).toBe("51");
  },
);
