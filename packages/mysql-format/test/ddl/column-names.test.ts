import { createConnection, type Connection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { columnNames, foldName, isColumnName } from "../../src/ddl/column-names.ts";

const database = `t_column_names_${process.pid}`;
const servers = { mysql: "FIREBREAK_TEST_MYSQL", mariadb: "FIREBREAK_TEST_MARIADB" } as const;

/** All letters of the basic plane that may stand in a name. */
const LETTERS = Array.from({ length: 0xfffe }, (_, code) => String.fromCharCode(code)).filter(
  (letter) => isColumnName(letter) && isColumnName(`x${letter}x`),
);

test.each(["", "n".repeat(65), "_extra", "_EXTRA", "trailing ", "tab\t", "😀", "a\0b", "\ud800", "x\u00a0"])(
  "%j is no column's name",
  (name) => {
    expect(isColumnName(name)).toBe(false);
  },
);

test.each(["n".repeat(64), "a.b", "$x", "`", " a", "数", "a\tb", "_extra_"])(
  "%j is a column's name",
  (name) => {
    expect(isColumnName(name)).toBe(true);
  },
);

test("of names that are equal but for case or accents the first is a column", () => {
  expect(columnNames(["_id", "_ID", "a", "B", "b", "é", "E", "_extra", "c"])).toEqual([
    "_id",
    "a",
    "B",
    "é",
    "c",
  ]);
});

describe.each(Object.entries(servers))("on %s", (server, variable) => {
  const url = process.env[variable];
  const why = url === undefined ? ` (skipped: ${variable} not set)` : "";
  let connection: Connection;

  beforeAll(async () => {
    if (url === undefined) return;
    connection = await createConnection({ uri: url, charset: "utf8mb4" });
    await connection.query(`CREATE DATABASE ${database}`);
    await connection.query(`USE ${database}`);
  });
  afterAll(async () => {
    await connection?.query(`DROP DATABASE IF EXISTS ${database}`);
    await connection?.end();
  });

  test.skipIf(url === undefined)(
    `letters that CREATE TABLE takes for the same fold alike${why}`,
    async () => {
      const pairs: string[] = [];
      for (const group of await lowerGroups(connection))
        for (const letter of group.slice(1))
          if (foldName(letter) !== foldName(group[0]!) && (await isRefused(connection, [group[0]!, letter])))
            pairs.push(`${group[0]!} ${letter}`);
      expect(pairs).toEqual([]);
    },
  );

  test.skipIf(url === undefined)(
    `a table can have all letters whose folds differ as columns${why}`,
    async () => {
      const distinct = columnNames(LETTERS);
      for (let at = 0; at < distinct.length; at += 900) {
        const names = distinct.slice(at, at + 900);
        expect(await errorOf(connection, names)).toBeUndefined();
      }
    },
  );

  test.skipIf(url === undefined)(
    `columns of a wide table that only differ by accents keep their own values when they are named${why}`,
    async () => {
      const mixedUp: string[] = [];
      for (const group of await lowerGroups(connection)) {
        const oneOfEachFold = [...new Map(group.map((letter) => [foldName(letter), letter])).values()];
        if (oneOfEachFold.length < 2) continue;
        const names = columnNames(oneOfEachFold);
        // MariaDB looks names up in another way from 33 columns on.
        const fillers = Array.from({ length: 40 }, (_, i) => `filler_${i}`);
        if (!(await keepsValues(connection, [...names, ...fillers]))) mixedUp.push(names.join(" "));
      }
      expect(mixedUp).toEqual([]);
    },
  );
});

/** Whether each column of a table has what an INSERT that names it put there. */
async function keepsValues(connection: Connection, names: readonly string[]): Promise<boolean> {
  if ((await errorOf(connection, names, false)) !== undefined) return false;
  try {
    const values = names.map((_, i) => i % 100);
    await connection.query(`INSERT INTO t (${names.map(quoted).join(", ")}) VALUES (${values.join(", ")})`);
    const [rows] = await connection.query<RowDataPacket[][]>({ sql: "SELECT * FROM t", rowsAsArray: true });
    return values.every((value, i) => Number(rows[0]![i]) === value);
  } catch {
    return false;
  } finally {
    await connection.query("DROP TABLE t");
  }
}

const quoted = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

/** Letters grouped as the servers' collation of names compares them: the only candidates for being one name. */
async function lowerGroups(connection: Connection): Promise<string[][]> {
  await connection.query("CREATE TABLE letters (l CHAR(1) CHARACTER SET utf8mb3 COLLATE utf8mb3_bin)");
  for (let at = 0; at < LETTERS.length; at += 5000)
    await connection.query("INSERT INTO letters VALUES ?", [LETTERS.slice(at, at + 5000).map((l) => [l])]);
  // Also by LOWER, for a collation may keep apart what lower-casing makes equal.
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT HEX(WEIGHT_STRING(l COLLATE utf8mb3_general_ci)) AS weight, HEX(LOWER(l)) AS lower_case, l
     FROM letters ORDER BY l`,
  );
  await connection.query("DROP TABLE letters");
  const groups = new Map<string, string[]>();
  for (const row of rows)
    for (const key of [`w${row["weight"]}`, `l${row["lower_case"]}`])
      groups.set(key, [...(groups.get(key) ?? []), row["l"] as string]);
  // Letters without a weight of their own (CJK in parts) would make one huge group.
  return [...groups.values()].filter((g) => g.length > 1 && g.length < 200);
}

async function isRefused(connection: Connection, names: readonly string[]): Promise<boolean> {
  return (await errorOf(connection, names)) !== undefined;
}

/** What is wrong with a table of these columns, if anything; dropped again unless it is to stay. */
async function errorOf(
  connection: Connection,
  names: readonly string[],
  isDropped = true,
): Promise<string | undefined> {
  try {
    await connection.query(
      `CREATE TABLE t (${names.map((n) => `${quoted(n)} TINYINT`).join(", ")}) ENGINE=InnoDB`,
    );
  } catch (error) {
    return (error as Error).message;
  }
  if (isDropped) await connection.query("DROP TABLE t");
  return undefined;
}
