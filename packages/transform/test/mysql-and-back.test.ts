import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MysqlManifest } from "@firebreak/archive";
import { createConnection, type Connection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { exported } from "@firebreak/testing/recipes/exported";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { verified } from "@firebreak/testing/recipes/verified";
import { carriedBack } from "./support/carry-back.ts";
import { linesOf, mongodbManifest } from "./support/mysql-archive.ts";

const servers = { mysql: "FIREBREAK_TEST_MYSQL", mariadb: "FIREBREAK_TEST_MARIADB" } as const;
const database = `t_mysql_and_back_${process.pid}`;

/** Types of all families, and values at their edges. */
const TABLES = `
CREATE TABLE numbers (
  id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, t TINYINT, tu TINYINT UNSIGNED, b BOOL, s SMALLINT, m MEDIUMINT UNSIGNED,
  i INT, iz INT(8) ZEROFILL, l BIGINT, lu BIGINT UNSIGNED, d DECIMAL(10,2), dw DECIMAL(65,30), f FLOAT, x DOUBLE, bits BIT(11)
) CHARACTER SET utf8mb4;
INSERT INTO numbers VALUES
  (1, -128, 255, 1, -32768, 16777215, -2147483648, 7, -9223372036854775808, 18446744073709551615, -99999999.99, 99999999999999999999999999999999999.999999999999999999999999999999, 1.1, 0.1, b'10101010101'),
  (4294967295, 0, 0, 0, 0, 0, 0, 0, 0, 9223372036854775807, 0.10, 0, -3.4e38, -2.2250738585072014e-308, 0),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE times (
  d DATE, dt DATETIME, d3 DATETIME(3), d6 DATETIME(6), ts TIMESTAMP NULL, t TIME, t6 TIME(6), y YEAR, k CHAR(3), PRIMARY KEY (k, d)
) CHARACTER SET utf8mb4;
INSERT INTO times VALUES
  ('1000-01-01', '9999-12-31 23:59:59', '2024-02-29 12:00:00.123', '2024-02-29 12:00:00.123456', '2038-01-19 03:14:07', '-838:59:59', '838:59:58.999999', 1901, 'a'),
  ('2024-01-01', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'a'),
  ('0000-00-00', '0000-00-00 00:00:00', '2024-00-00 00:00:00.000', '0000-00-00', NULL, '00:00:00', '-00:00:00.000001', 0, 'b');
CREATE TABLE texts (
  \`_id\` VARCHAR(20) COLLATE utf8mb4_bin, c CHAR(5), v VARCHAR(50) CHARACTER SET latin1, t TEXT, j LONGTEXT, bin BINARY(4), vb VARBINARY(50), bl BLOB,
  e ENUM('a','b''','ü',''), st SET('x','y','z'), g GEOMETRY, gen INT AS (LENGTH(t)) STORED, KEY (v), UNIQUE KEY (c)
) CHARACTER SET utf8mb4;
INSERT INTO texts (\`_id\`, c, v, t, j, bin, vb, bl, e, st, g) VALUES
  ('no key', 'abc', 'é€', 'line\\nbreak "quoted" \\\\ tab\\t\\0', '{"a": 1,  "a": 2}', '\\0\\0', '', 0x00FF, 'b''', 'x,z', ST_GeomFromText('POINT(1 2)')),
  (NULL, NULL, NULL, '', NULL, NULL, NULL, NULL, '', '', NULL),
  ('', '', '', '😀', 'text', 'abcd', 0x80, '', 'ü', 'y', ST_GeomFromText('LINESTRING(0 0,1 1)'));
CREATE TABLE \`odd \`\`names\` (\`$oid\` INT PRIMARY KEY, \`a.b\` INT, \`0\` INT, \`ü\` INT);
INSERT INTO \`odd \`\`names\` VALUES (1, 2, 3, 5), (2, NULL, NULL, NULL);
CREATE TABLE nothing (id INT PRIMARY KEY);
CREATE TABLE plain (a INT, b INT);
INSERT INTO plain VALUES (1, 1), (1, 1), (NULL, NULL);
`;

async function tablesOf(archive: string): Promise<MysqlManifest["tables"]> {
  const text = await readFile(join(archive, "mysql", "manifest.json"), "utf8");
  return (JSON.parse(text) as MysqlManifest).tables;
}

describe.each(Object.entries(servers))("tables of %s", (_, variable) => {
  const url = process.env[variable];
  const why = url === undefined ? ` (skipped: ${variable} not set)` : "";
  let connection: Connection;
  beforeAll(async () => {
    if (url === undefined) return;
    connection = await createConnection({ uri: url, charset: "utf8mb4", multipleStatements: true });
    await connection.query("SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'");
    await connection.query(
      `DROP DATABASE IF EXISTS ${database}; CREATE DATABASE ${database}; USE ${database}`,
    );
    await connection.query(TABLES);
  });
  afterAll(async () => {
    await connection?.query(`DROP DATABASE IF EXISTS ${database}`);
    await connection?.end();
  });

  test.skipIf(url === undefined)(
    `that were documents have the same rows, keys and DDL as those that never were${why}`,
    async () => {
      await using place = await folder();
      const archive = join(place.path, "archive");
      await well(exported(archive, url!, { include: [`${database}.*`] }));
      await well(transformed(archive));
      await well(transformed(archive, { to: "mysql" }));
      await well(verified(archive));
      const again = await carriedBack(archive, join(place.path, "again"));
      await well(verified(again));
      await well(transformed(again));
      const withoutFiles = (tables: MysqlManifest["tables"]): unknown =>
        tables.map(({ parts, ...table }) => ({
          ...table,
          // Of a part that has no row there is no file.
          parts: parts
            .filter((p) => p.lineCount > 0)
            .map(({ plainSha256, digest }) => ({ plainSha256, digest })),
        }));
      const tables = await tablesOf(archive);
      expect(tables.map((t) => [t.table, t.digest.rowCount])).toEqual([
        ["nothing", 0],
        ["numbers", 3],
        ["odd `names", 2],
        ["plain", 3],
        ["texts", 3],
        ["times", 3],
      ]);
      const direct = new Map(tables.map((t) => [t.table, t]));
      const round = new Map((await tablesOf(again)).map((t) => [t.table, t]));
      for (const [name, table] of direct) {
        const found = round.get(name);
        expect(
          withoutFiles(found === undefined ? [] : [{ ...found, namespace: table.namespace }]),
          name,
        ).toEqual(withoutFiles([table]));
      }
      const { collections } = await mongodbManifest(archive);
      const times = collections.find((c) => c.collection === "times")!;
      const [first] = await linesOf(archive, times.parts[0]!.file);
      expect(first).toMatch(/^\{"_id":\{"k":"a","d":\{"\$date":.*\}\},"dt":/);
    },
  );
});
