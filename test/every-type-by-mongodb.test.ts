import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { createConnection, type Connection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fillTable, typeCases } from "@firebreak/testing/tables/every-type";
import { rowsOf } from "@firebreak/testing/tables/table-content";
import { ending, firebreak } from "./command-line.ts";
import { dropDatabase, emptyDatabase } from "@firebreak/testing/servers/empty-database";
import { lacking, ownName, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";

const ROWS = 1000;

/** Names and keys that MongoDB has rules for. */
const ODD_TABLES = [
  "CREATE TABLE `odd` (`$oid` INT PRIMARY KEY, `a.b` INT, `$set` INT, `0` INT, `_id` INT, `ü` INT, KEY (`_id`))",
  "INSERT INTO `odd` VALUES (1, 2, 3, 4, 5, 6), (-1, NULL, NULL, NULL, NULL, NULL)",
  "CREATE TABLE `by_dollar` (`$a` INT, b VARCHAR(9), PRIMARY KEY (b, `$a`))",
  "INSERT INTO `by_dollar` VALUES (1, 'x'), (2, 'x'), (1, 'X y')",
  "CREATE TABLE `by_two` (`1` INT, `0` BIGINT UNSIGNED, _id DATE, PRIMARY KEY (_id, `1`), UNIQUE KEY (`0`))",
  "INSERT INTO `by_two` VALUES (1, 18446744073709551615, '2024-02-29'), (2, NULL, '2024-02-29'), (3, NULL, '2024-02-29')",
  "CREATE TABLE `without_key` (a INT)",
  "INSERT INTO `without_key` VALUES (1), (1), (NULL)",
  "CREATE TABLE `system.x` (a INT PRIMARY KEY)",
  "INSERT INTO `system.x` VALUES (1)",
  "CREATE TABLE `$empty` (a INT PRIMARY KEY)",
];
const ODD_NAMES = ["odd", "by_dollar", "by_two", "without_key", "system.x", "$empty"];

const source = ownName("types_by_mongodb");
const target = `${source}_again`;

describe.each(SQL_SERVERS)("a table with every type of %s, by way of MongoDB", (server) => {
  const { isLacking, why } = lacking(server, "mongodb");
  const cases = isLacking ? [] : typeCases(server);
  let connection: Connection;
  let client: MongoClient;
  let place: string;

  beforeAll(async () => {
    if (isLacking) return;
    place = await mkdtemp(join(tmpdir(), "firebreak-every-type-"));
    client = await MongoClient.connect(urlOf("mongodb"));
    await client.db(source).dropDatabase();
    await emptyDatabase(server, target);
    connection = await createConnection({ uri: await emptyDatabase(server, source), charset: "utf8mb4" });
    await connection.query(
      "SET SESSION sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO', SESSION time_zone = '+00:00'",
    );
    await fillTable(connection, "every_type", cases, ROWS);
    for (const statement of ODD_TABLES) await connection.query(statement);
  });
  afterAll(async () => {
    if (isLacking) return;
    await client.db(source).dropDatabase();
    await client.close();
    await connection.end();
    for (const database of [source, target]) await dropDatabase(server, database);
    await rm(place, { recursive: true, force: true });
  });

  test.skipIf(isLacking)(`has the same rows and the same CREATE TABLE again${why}`, async () => {
    const there = join(place, "there");
    const back = join(place, "back");
    const mongodbUrl = urlOf("mongodb", source);
    const args = ["--source", "mysql", "--include", `${source}.*`];
    const steps = [
      await firebreak("export", { archive: there, mysqlUrl: urlOf(server), args }),
      await firebreak("load", { archive: there, mongodbUrl }),
      await firebreak("checksum", { archive: there, mongodbUrl, args: ["--against", "mongodb"] }),
      await firebreak("export", { archive: back, mongodbUrl }),
      await firebreak("load", { archive: back, mysqlUrl: urlOf(server, target) }),
      await firebreak("checksum", { archive: back, mysqlUrl: urlOf(server, target) }),
    ];
    expect(steps.map(ending)).toEqual(steps.map(() => "exit 0"));
    expect(await client.db(source).collection("every_type").countDocuments()).toBe(ROWS);

    const expected = await rowsOf(connection, source, "every_type");
    const found = await rowsOf(connection, target, "every_type");
    expect(expected).toHaveLength(ROWS);
    for (const [i, { type }] of cases.entries()) {
      const values = (rows: readonly string[]): unknown[] =>
        rows.map((row) => JSON.parse(row) as unknown[]).map((row) => [row[0], row[i + 1]]);
      expect(values(found), type).toEqual(values(expected));
    }
    for (const table of ["every_type", ...ODD_NAMES]) {
      expect(await rowsOf(connection, target, table)).toEqual(await rowsOf(connection, source, table));
      expect(await createTable(connection, target, table)).toBe(await createTable(connection, source, table));
    }
  });
});

async function createTable(connection: Connection, database: string, table: string): Promise<unknown> {
  const [rows] = await connection.query<RowDataPacket[]>(`SHOW CREATE TABLE \`${database}\`.\`${table}\``);
  return rows[0]!["Create Table"];
}
