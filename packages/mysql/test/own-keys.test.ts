import { ownColumn, equalSql } from "@firebreak/mysql-format";
import type { MysqlTable, SourceColumn } from "@firebreak/archive";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import {
  deleteByKeys,
  MysqlSession,
  mysqlTarget,
  rangeDigest,
  storedTable,
  tableRanges,
} from "../src/index.ts";

/** Keys of a type, as SQL literals, and the cells that they are in an archive. */
const KEYS: readonly (readonly [type: string, values: readonly string[], cells: readonly string[]])[] = [
  ["int", ["-3", "-1", "0", "7", "2147483647"], ["-3", "-1", "0", "7", "2147483647"]],
  [
    "bigint unsigned",
    ["0", "1", "1099511627776", "18446744073709551615"],
    ["0", "1", "1099511627776", "18446744073709551615"],
  ],
  ["int(8) unsigned zerofill", ["1", "42", "99999999"], ["1", "42", "99999999"]],
  [
    "decimal(20,5)",
    ["-1.5", "0", "0.00001", "123456789012345.67891"],
    ["-1.50000", "0.00000", "0.00001", "123456789012345.67891"],
  ],
  [
    "float",
    ["-1.5", "0.1", "0.1000001", "1e30"],
    ["-1.5", "0.10000000149011612", "0.10000009834766388", "1.0000000150474662E+30"],
  ],
  [
    "double",
    ["-1e-300", "0.1", "0.30000000000000004", "1e300"],
    ["-1e-300", "0.1", "0.30000000000000004", "1e300"],
  ],
  [
    "bit(64)",
    ["0", "1", "9223372036854775807", "18446744073709551615"],
    ["AAAAAAAAAAA=", "AAAAAAAAAAE=", "f/////////8=", "//////////8="],
  ],
  ["year", ["0", "1901", "2155"], ["0000", "1901", "2155"]],
  ["date", ["'0000-00-00'", "'2024-02-29'", "'2024-02-31'"], ["0000-00-00", "2024-02-29", "2024-02-31"]],
  [
    "datetime(6)",
    ["'0000-00-00'", "'2024-01-01 00:00:00.000001'", "'2024-01-01 00:00:00.000002'"],
    ["0000-00-00 00:00:00.000000", "2024-01-01 00:00:00.000001", "2024-01-01 00:00:00.000002"],
  ],
  [
    "time(3)",
    ["'-838:59:58'", "'-00:00:00.001'", "'100:00:00'"],
    ["-838:59:58.000", "-00:00:00.001", "100:00:00.000"],
  ],
  [
    "varchar(20) character set utf8mb4 collate utf8mb4_general_ci",
    ["''", "'a'", "'B'", "'é😀'"],
    ["", "a", "B", "é😀"],
  ],
  ["varchar(20) character set latin1", ["'a'", "'é'", "'ü'"], ["a", "é", "ü"]],
  [
    "varchar(20) character set cp932 collate cp932_bin",
    ["'a'", "_cp932 X'81CA'", "_cp932 X'FA54'", "'ア'"],
    ["ta", "t￢", "b+lQ=", "tア"],
  ],
  ["varchar(20) character set utf16", ["'a'", "'é'", "'😀'"], ["ta", "té", "t😀"]],
  ["enum('zz','é','a')", ["'zz'", "'é'", "'a'"], ["zz", "é", "a"]],
  ["set('zz','é','a')", ["''", "'zz,a'", "'é'"], ["", "zz,a", "é"]],
  ["varbinary(20)", ["X''", "X'00'", "X'FF27'"], ["", "AA==", "/yc="]],
];

function sourceColumn(type: string, at: number): SourceColumn {
  const dataType = /^\w+/.exec(type)![0];
  const characterSet = /character set (\w+)/.exec(type)?.[1];
  return {
    name: `k${at}`,
    sqlType: type.replace(/ (character set|collate) \w+/g, ""),
    dataType,
    ...(characterSet === undefined ? {} : { characterSet }),
    isNullable: false,
    isGenerated: false,
    comment: "",
  };
}

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`keys of ${server}'s own types${why}`, () => {
    let database: SqlDatabase;
    let session: MysqlSession;
    beforeAll(async () => {
      database = await sqlDatabase(server, ownName("keys"));
      session = await MysqlSession.open(mysqlTarget(database.url));
      await session.allow({ oddDates: true, enumZeros: false, brokenForeignKeys: false });
    });
    afterAll(async () => {
      await session.close();
      await database[Symbol.asyncDispose]();
    });

    async function makeTable(type: string, values: readonly string[], at: number): Promise<MysqlTable> {
      const table = {
        table: `t${at}`,
        columns: [ownColumn(sourceColumn(type, at)), { name: "n", sqlType: "int", form: "text" }],
        keyColumns: [`k${at}`],
        rowEncoding: "values",
      } as unknown as MysqlTable;
      await session.run(`DROP TABLE IF EXISTS t${at}`);
      await session.run(
        `CREATE TABLE t${at} (k${at} ${type} NOT NULL, n INT NOT NULL, PRIMARY KEY (k${at}, n))`,
      );
      for (const [i, value] of values.entries())
        await session.run(`INSERT INTO t${at} VALUES (${value}, ${i}), (${value}, ${i + 100})`);
      return storedTable(session, database.name, table);
    }

    test.each(KEYS.map(([type, values, cells], at) => ({ type, values, cells, at })))(
      "$type: ranges are the table, and a key finds its rows",
      async ({ type, values, cells, at }) => {
        const table = await makeTable(type, values, at);
        let rowCount = 0;
        let rangeCount = 0;
        for await (const range of tableRanges(session, database.name, table, 1)) {
          rowCount += (await rangeDigest(session, database.name, table, range)).rowCount;
          rangeCount++;
        }
        expect(rowCount).toBe(values.length * 2);
        expect(rangeCount).toBeGreaterThan(1);
        const byteText = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
        for (const [i, cell] of cells.entries()) {
          const found = await session.rows<{ n: string }>(
            `SELECT n FROM t${at} WHERE ${equalSql(table.columns[0]!, byteText(cell))} ORDER BY n`,
          );
          expect(found.map((r) => Number(r.n))).toContain(i);
        }
        for (const [i, cell] of cells.entries()) {
          expect(await deleteByKeys(session, database.name, table, [[byteText(cell)]]), cell).toBe(2);
          const left = await session.rows<{ n: string }>(
            `SELECT DISTINCT n % 100 AS n FROM t${at} ORDER BY n`,
          );
          expect(left.map((r) => Number(r.n))).toEqual([...values.keys()].slice(i + 1));
        }
      },
    );
  });
}
