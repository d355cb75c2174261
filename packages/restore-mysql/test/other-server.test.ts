import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  urlOf,
  type SqlServer,
} from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, type Ended } from "@firebreak/testing/command-line/firebreak";

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
      await mustEndWell(["export", "--source", "mysql", "--archive", archive], { mysqlUrl: source.url });
      target = await sqlDatabase(to, name);
      await target.connection.query(`DROP DATABASE \`${name}\``);
    });
    afterAll(async () => {
      await target[Symbol.asyncDispose]();
      await work[Symbol.asyncDispose]();
    });

    const restore = (...args: readonly string[]): Promise<Ended> =>
      firebreak(["restore", "--archive", archive, ...args], { mysqlUrl: urlOf(to) });

    test("names what the other server lacks, where, and the flag, before anything is made", async () => {
      const { exitCode, output } = await restore();
      expect(exitCode, output).toBe(6);
      expect(output).toContain(`${name}.told.a): --collation-map ${map}`);
      for (const said of lacks) expect(output).toContain(said.replace("DB", name));
      const [databases] = await target.connection.query(`SHOW DATABASES LIKE '${name}'`);
      expect(databases).toEqual([]);
    });

    test("puts another collation in its place, and says so in the account", async () => {
      const excludes = ["--exclude", "*.odd", "--exclude", "*.counted"];
      const { exitCode, output } = await restore(...excludes, "--collation-map", map);
      expect(exitCode, output).toBe(0);
      expect(output).toContain(`told: option collation ${map.split("=")[0]}`);
      const [rows] = await target.connection.query(
        `SELECT collation_name AS found FROM information_schema.columns WHERE table_schema = '${name}' AND column_name = 'a'`,
      );
      expect(rows).toEqual([{ found: collation }]);
      const [texts] = await target.connection.query(`SELECT a FROM \`${name}\`.told ORDER BY id`);
      expect(texts).toEqual([{ a: "é" }, { a: "😀 " }]);
    });

    test("refuses a map that names nothing, and one that gives what is not there", async () => {
      const idle = await restore("--collation-map", "latin1_bin=latin1_swedish_ci");
      expect(idle.exitCode, idle.output).toBe(2);
      expect(idle.output).toContain("latin1_bin=latin1_swedish_ci");
      const unknown = await restore("--collation-map", `${map.split("=")[0]}=utf8mb4_no_such`);
      expect(unknown.exitCode, unknown.output).toBe(6);
      expect(unknown.output).toContain("no collation utf8mb4_no_such, which --collation-map gives");
    });
  });
}
