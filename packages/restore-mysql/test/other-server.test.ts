import { join } from "node:path";
import { restoredToMysql } from "@firebreak/testing/recipes/restored";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well, type Outcome } from "@firebreak/testing/recipes/outcome";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  urlOf,
  type SqlServer,
} from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";

interface Direction {
  readonly to: SqlServer;
  /** Statements that use features which the other server lacks. */
  readonly statements: readonly string[];
  readonly lacks: readonly string[];
  readonly map: string;
  readonly collation: string;
}

const DIRECTIONS: Readonly<Record<SqlServer, Direction>> = {
  mysql: {
    to: "mariadb",
    statements: [
      "CREATE TABLE told (id INT PRIMARY KEY, a VARCHAR(20) COLLATE utf8mb4_0900_ai_ci) COLLATE utf8mb4_bin",
      "CREATE TABLE odd (id INT PRIMARY KEY, g GEOMCOLLECTION)",
    ],
    lacks: ["no type GEOMCOLLECTION (DB.odd.g)", "--exclude 'DB.odd'"],
    map: "utf8mb4_0900_ai_ci=utf8mb4_uca1400_nopad_ai_ci",
    collation: "utf8mb4_uca1400_nopad_ai_ci",
  },
  mariadb: {
    to: "mysql",
    statements: [
      "CREATE TABLE told (id INT PRIMARY KEY, a VARCHAR(20) COLLATE utf8mb4_uca1400_ai_ci) COLLATE utf8mb4_bin",
      "CREATE TABLE odd (id UUID PRIMARY KEY, i INET6)",
      "CREATE SEQUENCE counted",
    ],
    lacks: [
      "no type UUID (DB.odd.id)",
      "no type INET6 (DB.odd.i)",
      "--exclude 'DB.odd'",
      "no sequences",
      "--exclude 'DB.counted'",
    ],
    map: "utf8mb4_uca1400_ai_ci=utf8mb4_0900_ai_ci",
    collation: "utf8mb4_0900_ai_ci",
  },
};

const { isLacking, why } = lacking("mysql", "mariadb");
for (const server of SQL_SERVERS) {
  const { to, statements, lacks, map, collation } = DIRECTIONS[server];
  describe.skipIf(isLacking)(`a restore of ${server} into ${to}${why}`, () => {
    const name = ownName(`from_${server}`);
    let work: Awaited<ReturnType<typeof folder>>;
    let target: Awaited<ReturnType<typeof sqlDatabase>>;
    let archive: string;
    beforeAll(async () => {
      work = await folder();
      archive = join(work.path, "archive");
      await using source = await sqlDatabase(server, name);
      await source.connection.query("ALTER DATABASE COLLATE utf8mb4_bin");
      for (const statement of statements) await source.connection.query(statement);
      await source.connection.query("INSERT INTO told VALUES (1, 'é'), (2, '😀 ')");
      await well(exported(archive, source.url));
      target = await sqlDatabase(to, name);
      await target.connection.query(`DROP DATABASE \`${name}\``);
    });
    afterAll(async () => {
      await target[Symbol.asyncDispose]();
      await work[Symbol.asyncDispose]();
    });

    const restore = (options: Parameters<typeof restoredToMysql>[2] = {}): Promise<Outcome> =>
      restoredToMysql(archive, urlOf(to), options);

    test("names what the other server lacks, where, and the flag, before anything is made", async () => {
      const { ending, text } = await restore();
      expect(ending, text).toBe("mysql-restore-refused");
      expect(text).toContain(`${name}.told.a): --collation-map ${map}`);
      for (const said of lacks) expect(text).toContain(said.replace("DB", name));
      const [databases] = await target.connection.query(`SHOW DATABASES LIKE '${name}'`);
      expect(databases).toEqual([]);
    });

    test("puts another collation in its place, and says so in the account", async () => {
      const exclude = ["*.odd", "*.counted"];
      const { ending, text } = await restore({ exclude, collations: [map] });
      expect(ending, text).toBe("well");
      expect(text).toContain(`told: option collation ${map.split("=")[0]}`);
      const [rows] = await target.connection.query(
        `SELECT collation_name AS found FROM information_schema.columns WHERE table_schema = '${name}' AND column_name = 'a'`,
      );
      expect(rows).toEqual([{ found: collation }]);
      const [texts] = await target.connection.query(`SELECT a FROM \`${name}\`.told ORDER BY id`);
      expect(texts).toEqual([{ a: "é" }, { a: "😀 " }]);
    });

    test("refuses a map that names nothing, and one that gives what is not there", async () => {
      const idle = await restore({ collations: ["latin1_bin=latin1_swedish_ci"] });
      expect(idle.ending, idle.text).toBe("collation-map-wrong");
      expect(idle.text).toContain("latin1_bin=latin1_swedish_ci");
      const unknown = await restore({ collations: [`${map.split("=")[0]}=utf8mb4_no_such`] });
      expect(unknown.ending, unknown.text).toBe("mysql-restore-refused");
      expect(unknown.text).toContain("no collation utf8mb4_no_such, which --collation-map gives");
    });
  });
}
