import type { RowDataPacket } from "mysql2/promise";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  urlOf,
  type SqlDatabase,
  type SqlServer,
} from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { restoredToMysql } from "@firebreak/testing/recipes/restored";
import { normalDefinition } from "../../src/normal/normal-definition.ts";

const OTHER: Readonly<Record<SqlServer, SqlServer>> = { mysql: "mariadb", mariadb: "mysql" };
const lacks = SQL_SERVERS.map((s) => lacking(s)).find((l) => l.isLacking);

/** Each means something else than all others. */
const QUERIES = [
  ...[
    "a + b * c",
    "(a + b) * c",
    "a - (b - c)",
    "a - b - c",
    "-(a + b)",
    "-a + b",
    "NOT (a AND b)",
    "a NOT LIKE 'x'",
    "a NOT IN (1, 2)",
    "a NOT BETWEEN 1 AND 2",
    "a BETWEEN b + 1 AND c * 2",
    "a BETWEEN b AND c AND a",
    "a IS NOT NULL",
    "a IS TRUE",
    "(a IS NULL) + 1",
    "a = 1 AND (b = 2 OR c = 3)",
    "a = 1 OR b = 2 AND c = 3",
    "a XOR b",
    "a MOD b",
    "a | b & c",
    "(a | b) & c",
    "~a ^ b",
    "a > 1 = b",
    "a > (1 = b)",
    "CASE a WHEN 1 THEN 2 ELSE b + 1 END + 1",
    "CASE WHEN a > 1 AND b < 2 THEN 1 END",
    "IF(a > 1, UPPER(s), NOW(3))",
    "d + INTERVAL a + 1 HOUR",
    "DATE_SUB(d, INTERVAL 1 MONTH)",
    "s COLLATE utf8mb4_bin LIKE 'a%' ESCAPE '!'",
    "LENGTH(s)",
    "a IN (SELECT b FROM t)",
    "EXISTS (SELECT 1 FROM t z WHERE z.a = t.a)",
  ].map((e) => `SELECT ${e} AS e FROM t`),
  ...["a", "NOT a", "a = b", "a AND b OR c", "a IN (1)", "0 < a"].map(
    (e) => `SELECT 1 AS e FROM t WHERE ${e}`,
  ),
  "SELECT t.a FROM t LEFT JOIN t u ON t.a = u.a AND u.b",
  "SELECT t.a FROM t JOIN (t u JOIN t w ON w.a = u.a) ON t.a = u.a",
  "SELECT t.a FROM t JOIN t u ON t.a = u.a JOIN t w ON w.a = u.a",
  "SELECT a FROM t GROUP BY a HAVING COUNT(*) > 1 ORDER BY a + 1 DESC LIMIT 5",
  "WITH RECURSIVE x AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM x WHERE n < 3) SELECT n FROM x",
  "SELECT RANK() OVER (PARTITION BY a ORDER BY b DESC) AS e FROM t",
];

describe.skipIf(lacks !== undefined)(`what one server writes as the other${lacks?.why ?? ""}`, () => {
  const databases = {} as Record<SqlServer, SqlDatabase>;
  let work: Awaited<ReturnType<typeof folder>>;
  beforeAll(async () => {
    work = await folder();
    for (const server of SQL_SERVERS) {
      const made = await sqlDatabase(server, ownName("normal"));
      databases[server] = made;
      for (const statement of [
        `ALTER DATABASE \`${made.name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`,
        "SET NAMES utf8mb4 COLLATE utf8mb4_general_ci",
        "CREATE TABLE t (a INT, b INT, c INT, s VARCHAR(20), d DATETIME)",
      ])
        await made.connection.query(statement);
    }
  });
  afterAll(async () => {
    for (const server of SQL_SERVERS) await databases[server][Symbol.asyncDispose]();
    await work[Symbol.asyncDispose]();
  });

  const shown = async (server: SqlServer, query: string): Promise<string> => {
    const { connection } = databases[server];
    await connection.query(`CREATE OR REPLACE VIEW v AS ${query}`);
    const [[row]] = await connection.query<RowDataPacket[]>("SHOW CREATE VIEW v");
    return String(row!["Create View"]).replace(/^.*? VIEW `v` AS /, "");
  };

  test.each(SQL_SERVERS)(
    "means the same there, and nothing that another query means: from %s",
    async (from) => {
      const target = OTHER[from];
      const form = (text: string): string =>
        normalDefinition("view", text, { database: databases[target].name, target, isCrossing: true });
      const forms = new Map<string, string>();
      for (const query of QUERIES) {
        const text = await shown(from, query);
        const one = form(text);
        expect(form(await shown(target, text)), query).toBe(one);
        expect(forms.get(one), query).toBeUndefined();
        forms.set(one, query);
      }
    },
  );

  test.each(SQL_SERVERS)(
    "is no difference in a restore, and what is another is one: from %s",
    async (from) => {
      const { connection, name, url } = databases[from];
      const again = ownName("normal_again");
      for (const statement of [
        "DROP VIEW IF EXISTS v",
        "CREATE TABLE p (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, n VARCHAR(9) DEFAULT 'x', y YEAR, CHECK (n <> 'y')) AUTO_INCREMENT = 7",
        "CREATE TABLE plain (id BIGINT PRIMARY KEY, p INT UNSIGNED DEFAULT 3, f DOUBLE DEFAULT 1.5, l CHAR(3) CHARACTER SET latin1, t TEXT, j JSON, at TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, g INT AS (p + 1) VIRTUAL, UNIQUE KEY (p, id), KEY (l), FOREIGN KEY (p) REFERENCES p (id) ON DELETE RESTRICT ON UPDATE NO ACTION)",
        "CREATE TABLE parts (a INT NOT NULL) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)",
        "INSERT INTO p (id) VALUES (1)",
        "CREATE FUNCTION f (x INT) RETURNS VARCHAR(9) CHARSET latin1 DETERMINISTIC RETURN x",
        "CREATE VIEW of_plain AS SELECT f(plain.id) AS e FROM plain JOIN p ON p.id = plain.p WHERE plain.id > 1 AND NOT plain.f",
        `CREATE TRIGGER \`${name}\`.tr BEFORE INSERT ON \`${name}\`.plain FOR EACH ROW SET NEW.p = 1`,
        "CREATE TABLE unseen (a INT INVISIBLE DEFAULT 3, b INT)",
      ])
        await connection.query(statement);
      const archive = join(work.path, `from-${from}`);
      await well(exported(archive, url));
      try {
        const restored = await restoredToMysql(archive, urlOf(OTHER[from]), {
          renames: [`${name}=${again}`],
        });
        // The other kind does not know how the first hides a column, and leaves it in sight.
        expect(restored.ending, restored.text).toBe(from === "mysql" ? "unequal" : "well");
        const differing = [...restored.text.matchAll(/The (\w+ \S+) is another than in the archive/g)];
        expect(differing.map((d) => d[1])).toEqual(from === "mysql" ? [`table ${again}.unseen`] : []);
        if (from === "mysql") expect(restored.text).toContain("`a` int DEFAULT '3' /*!80023 INVISIBLE */");
      } finally {
        await databases[OTHER[from]].connection.query(`DROP DATABASE IF EXISTS \`${again}\``);
      }
    },
  );
});
