import { join } from "node:path";
import { EJSON, type Document } from "bson";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  contentOf,
  namespacesOf,
  type ManifestNamespace,
} from "@firebreak/testing/archives/manifest-entries";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, ownName, SQL_SERVERS, sqlDatabase } from "@firebreak/testing/servers/databases";
import { mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { linesOf } from "@firebreak/testing/archives/read-lines";

const ROW_COUNT = 3000;
const PART_MIB = 0.03;

interface KeyCase {
  readonly name: string;
  /** What stands in CREATE TABLE before the column `n`. */
  readonly columns: string;
  readonly key: string;
  /** The key columns of row `i`, as SQL. */
  readonly row: (i: number) => string;
  readonly rowCount?: number;
  /** How many ranges there are where the key's order cannot be cut anywhere: else as many as its size asks for. */
  readonly rangeCount?: number;
  readonly only?: "mysql" | "mariadb";
}

const spread = (i: number): number => (i * 7919) % ROW_COUNT;
const utf8 = "VARCHAR(40) CHARACTER SET utf8mb4";

const cases: readonly KeyCase[] = [
  { name: "dense", columns: "k INT", key: "PRIMARY KEY (k)", row: (i) => `${i}` },
  { name: "negative", columns: "k BIGINT", key: "PRIMARY KEY (k)", row: (i) => `${i - ROW_COUNT / 2}` },
  {
    name: "ends",
    columns: "k BIGINT",
    key: "PRIMARY KEY (k)",
    row: (i) => (i % 2 === 0 ? `${-(2n ** 63n) + BigInt(i)}` : `${2n ** 63n - 1n - BigInt(i)}`),
  },
  {
    name: "unsigned_key",
    columns: "k BIGINT UNSIGNED ZEROFILL",
    key: "PRIMARY KEY (k)",
    row: (i) => `${2n ** 64n - 1n - BigInt(i)}`,
  },
  {
    name: "gaps",
    columns: "k BIGINT",
    key: "PRIMARY KEY (k)",
    row: (i) => `${BigInt(i) * 2n ** 40n + BigInt(i % 3)}`,
  },
  {
    name: "one_gap",
    columns: "k BIGINT",
    key: "PRIMARY KEY (k)",
    row: (i) => `${i < 1000 ? BigInt(i) : 2n ** 60n + BigInt(i)}`,
  },
  { name: "downwards", columns: "k INT", key: "PRIMARY KEY (k DESC)", row: (i) => `${i}` },
  {
    name: "mixed_order",
    columns: "a INT, k INT",
    key: "PRIMARY KEY (a DESC, k)",
    row: (i) => `${i % 7}, ${spread(i)}`,
  },
  {
    name: "money",
    columns: "k DECIMAL(30,10)",
    key: "PRIMARY KEY (k)",
    row: (i) => `${i - 1000}.000000000${i % 10}`,
  },
  {
    name: "words",
    columns: `k ${utf8}`,
    key: "PRIMARY KEY (k)",
    row: (i) => `'${["a''", "\\\\", "é", "Z", "中"][i % 5]}${spread(i)}'`,
  },
  {
    name: "cased",
    columns: `k ${utf8} COLLATE utf8mb4_general_ci`,
    key: "PRIMARY KEY (k)",
    row: (i) => `'${i % 2 === 0 ? "key" : "KEY"} ${spread(i)}'`,
  },
  {
    name: "latin",
    columns: "k VARCHAR(40) CHARACTER SET latin1",
    key: "PRIMARY KEY (k)",
    row: (i) => `CONCAT(_latin1 X'E9', ${spread(i)})`,
  },
  {
    name: "wide",
    columns: "k VARCHAR(40) CHARACTER SET utf16",
    key: "PRIMARY KEY (k)",
    row: (i) => `'😀${spread(i)}'`,
  },
  {
    name: "padded",
    columns: "k CHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    key: "PRIMARY KEY (k)",
    row: (i) => `'\t${spread(i)}'`,
  },
  {
    name: "bytes",
    columns: "k VARBINARY(40)",
    key: "PRIMARY KEY (k)",
    row: (i) => `X'${Buffer.from([i % 256, 0, i >> 8, 0x27, 0x5c]).toString("hex")}'`,
  },
  {
    name: "fixed_bytes",
    columns: "k BINARY(16)",
    key: "PRIMARY KEY (k)",
    row: (i) => `UNHEX(LEFT(SHA2('${i}', 256), 32))`,
  },
  {
    name: "days",
    columns: "k DATE",
    key: "PRIMARY KEY (k)",
    row: (i) => `DATE_ADD('1990-01-01', INTERVAL ${i} DAY)`,
  },
  {
    name: "zero_moments",
    columns: "k DATETIME(6)",
    key: "PRIMARY KEY (k)",
    row: (i) => (i === 0 ? "'0000-00-00'" : `DATE_ADD('2000-01-01', INTERVAL ${i * 1000003} MICROSECOND)`),
  },
  {
    name: "stamps",
    columns: "k TIMESTAMP(3)",
    key: "PRIMARY KEY (k)",
    row: (i) => `DATE_ADD('2001-01-01', INTERVAL ${i} HOUR)`,
  },
  { name: "times", columns: "k TIME(3)", key: "PRIMARY KEY (k)", row: (i) => `SEC_TO_TIME(${i - 1500} * 7)` },
  {
    name: "two_columns",
    columns: `a INT, k ${utf8}`,
    key: "PRIMARY KEY (a, k)",
    row: (i) => `${i % 3}, 'x${spread(i)}'`,
  },
  {
    name: "three_columns",
    columns: `a ${utf8}, b BIGINT UNSIGNED, k DATE`,
    key: "PRIMARY KEY (a, b, k)",
    row: (i) => `'g${i % 2}', ${i % 5}, DATE_ADD('1990-01-01', INTERVAL ${i} DAY)`,
  },
  {
    name: "half_ordered",
    columns: "a INT, k ENUM('p','b','z')",
    key: "PRIMARY KEY (a, k)",
    row: (i) => `${Math.floor(i / 3)}, ${(i % 3) + 1}`,
  },
  {
    name: "heavy_first",
    columns: "a INT, k SET('p','b'), m INT",
    key: "PRIMARY KEY (a, k, m)",
    row: (i) => `${i < 2500 ? 5 : i}, ${i < 2500 ? 1 : 2}, ${i}`,
    rangeCount: 4,
  },
  {
    name: "choices",
    columns: "k ENUM('z','a','m'), m INT",
    key: "PRIMARY KEY (k, m)",
    row: (i) => `${(i % 3) + 1}, ${i}`,
    rangeCount: 1,
  },
  { name: "ratios", columns: "k DOUBLE", key: "PRIMARY KEY (k)", row: (i) => `${i}.1e-3`, rangeCount: 1 },
  {
    name: "beginnings",
    columns: "k BLOB",
    key: "PRIMARY KEY (k(8))",
    row: (i) => `'${String(i).padStart(8, "0")}'`,
    rangeCount: 1,
  },
  {
    name: "unique_key",
    columns: "k INT NOT NULL, u INT",
    key: "UNIQUE (u), UNIQUE the_key (k)",
    row: (i) => `${spread(i)}, NULL`,
  },
  { name: "without_key", columns: "k INT", key: "KEY (k)", row: (i) => `${i % 100}`, rangeCount: 1 },
  { name: "partitioned", columns: "k INT, a INT", key: "PRIMARY KEY (k, a)", row: (i) => `${i}, ${i % 5}` },
  {
    name: "uuids",
    columns: "k UUID",
    key: "PRIMARY KEY (k)",
    row: (i) =>
      `'${String(spread(i)).padStart(8, "0")}-e89b-12d3-a456-42665544${String(i).padStart(4, "0")}'`,
    only: "mariadb",
  },
  { name: "one", columns: "k INT", key: "PRIMARY KEY (k)", row: (i) => `${i}`, rowCount: 1 },
  { name: "none", columns: "k INT", key: "PRIMARY KEY (k)", row: (i) => `${i}`, rowCount: 0 },
];

describe.each(SQL_SERVERS)("on %s, rows of a table", (server) => {
  const { isLacking, why } = lacking(server);
  const tables = cases.filter((c) => c.only === undefined || c.only === server);

  describe.skipIf(isLacking)(`with a key of its kind${why}`, () => {
    let source: Awaited<ReturnType<typeof sqlDatabase>>;
    let place: Awaited<ReturnType<typeof folder>>;
    let archive: string;
    let namespaces: ManifestNamespace[];

    const exportTo = async (path: string, jobs: number): Promise<void> => {
      const args = ["--archive", path, "--part-mib", String(PART_MIB), "--jobs", String(jobs)];
      await mustEndWell(["export", "--source", "mysql", ...args], { mysqlUrl: source.url });
    };

    beforeAll(async () => {
      source = await sqlDatabase(server, ownName("keys"));
      place = await folder();
      for (const table of tables) await makeTable(source.connection, table);
      archive = join(place.path, "archive");
      await exportTo(archive, 1);
      namespaces = await namespacesOf(archive);
    });
    afterAll(async () => {
      await source[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    test.each(tables.map((t) => [t.key, t.columns, t] as const))(
      "%s of %s come once each",
      async (_key, _columns, table) => {
        const { name, rowCount = ROW_COUNT } = table;
        const documents = (await linesOf(archive, `${source.name}.${name}`)).map(
          (line) => EJSON.parse(line, { relaxed: false }) as Document,
        );
        const numbers = documents.map((d) => Number(d["n"])).sort((a, b) => a - b);
        expect(numbers).toEqual(Array.from({ length: rowCount }, (_, i) => i));
      },
    );

    test.each(tables.map((t) => [t.name, t] as const))(
      "make parts of about the size asked for: %s",
      (name, table) => {
        const { parts } = namespaces.find((n) => n.namespace === `${source.name}.${name}`)!;
        const bytes = parts.reduce((sum, p) => sum + p.plainBytes, 0);
        const most = PART_MIB * 1024 * 1024;
        for (const part of parts) expect(part.plainBytes).toBeLessThan(most + 500);
        const ranges = new Set(parts.map((p) => /(\d{5})(-\d+)?\.ndjson/.exec(p.file)![1])).size;
        if (table.rangeCount === undefined)
          expect(ranges).toBeGreaterThanOrEqual(Math.floor((0.7 * bytes) / most));
        else expect(ranges).toBe(table.rangeCount);
      },
    );

    test("are in the same parts whatever --jobs is", async () => {
      const other = join(place.path, "other");
      await exportTo(other, 3);
      expect(await contentOf(other)).toEqual(await contentOf(archive));
    });
  });
});

async function makeTable(connection: Connection, table: KeyCase): Promise<void> {
  const { name, columns, key, row, rowCount = ROW_COUNT } = table;
  await connection.query("SET NAMES utf8mb4");
  await connection.query("SET SESSION sql_mode = '', time_zone = '+00:00'");
  const partitions = name === "partitioned" ? " PARTITION BY HASH(a) PARTITIONS 4" : "";
  await connection.query(
    `CREATE TABLE ${name} (${columns}, n INT, filling VARCHAR(60), ${key})${partitions}`,
  );
  for (let from = 0; from < rowCount; from += 1000) {
    const rows = Array.from(
      { length: Math.min(1000, rowCount - from) },
      (_, i) => `(${row(from + i)}, ${from + i}, REPEAT('f', ${(from + i) % 60}))`,
    );
    await connection.query(`INSERT INTO ${name} VALUES ${rows.join(", ")}`);
  }
  const [[counted]] = await connection.query<RowDataPacket[]>(`SELECT COUNT(*) AS n FROM ${name}`);
  if (Number(counted?.["n"]) !== rowCount) throw new Error(`${name} has ${String(counted?.["n"])} rows`);
}
