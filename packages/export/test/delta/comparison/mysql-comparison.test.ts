import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import {
  lacking,
  ownName,
  SQL_SERVERS,
  sqlDatabase,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { chainContents, sorted } from "@firebreak/testing/deltas/chain-contents";
import { changesIn, manifestOf, runDelta } from "@firebreak/testing/deltas/run-delta";
import { typedColumns } from "../../support/typed-columns.ts";
import { fillTypedTable } from "../../support/typed-table.ts";

const ROW_COUNT = 600;
const PART_MIB = "0.015";

interface TableCase {
  readonly name: string;
  /** What stands in CREATE TABLE before the column `n`. */
  readonly columns: string;
  readonly key?: string;
  /** The columns of row `i` in front of `n`, as SQL. */
  readonly row: (i: number) => string;
  readonly rowCount?: number;
  /** Where the key cuts no ranges. */
  readonly isWhole?: boolean;
}

const spread = (i: number): number => (i * 7919) % 100_003;
const utf8 = "VARCHAR(40) CHARACTER SET utf8mb4";

const cases: readonly TableCase[] = [
  { name: "dense", columns: "k INT AUTO_INCREMENT", key: "k", row: (i) => `${i + 1}` },
  { name: "negative", columns: "k BIGINT", key: "k", row: (i) => `${spread(i) - 50_000}` },
  {
    name: "unsigned_key",
    columns: "k BIGINT UNSIGNED ZEROFILL",
    key: "k",
    row: (i) => `${2n ** 64n - 1n - BigInt(spread(i))}`,
  },
  {
    name: "composite",
    columns: `a INT, b ${utf8}, c DATETIME(3)`,
    key: "b, a, c",
    row: (i) =>
      `${i % 11}, '${["é", "Z", "中", "a''"][i % 4]}${i % 50}', '2024-01-01 00:00:00.${(i % 900) + 100}'`,
  },
  {
    name: "words",
    columns: `k ${utf8}`,
    key: "k",
    row: (i) => `'${["b''", "\\\\", "é", "Z", "中"][i % 5]} ${spread(i)}'`,
  },
  {
    name: "latin",
    columns: "k VARCHAR(40) CHARACTER SET latin1 COLLATE latin1_german2_ci",
    key: "k",
    row: (i) => `'${["ä", "ß", "Z"][i % 3]}${spread(i)}'`,
  },
  { name: "raw", columns: "k VARBINARY(32)", key: "k", row: (i) => `UNHEX(SHA2(${i}, 256))` },
  { name: "money", columns: "k DECIMAL(30,10)", key: "k", row: (i) => `${i - 600}.000000000${i % 10}` },
  {
    name: "moments",
    columns: "k TIMESTAMP(6)",
    key: "k",
    row: (i) => `'2024-02-03 04:05:06' + INTERVAL ${i} MINUTE`,
  },
  {
    name: "labels",
    columns: "k ENUM('z','a'), i INT",
    key: "k, i",
    row: (i) => `${(i % 2) + 1}, ${i}`,
    isWhole: true,
  },
  { name: "floats", columns: "k DOUBLE", key: "k", row: (i) => `${i} / 7`, isWhole: true },
  { name: "keyless", columns: "k INT", row: (i) => `${i % 5}`, isWhole: true },
  { name: "still", columns: "k INT", key: "k", row: (i) => `${i}` },
  { name: "still_keyless", columns: "k INT", row: (i) => `${i % 5}` },
  { name: "no_rows", columns: "k INT", key: "k", row: (i) => `${i}`, rowCount: 0 },
  { name: "no_rows_keyless", columns: "k INT", row: (i) => `${i}`, rowCount: 0 },
];
const still = new Set(["still", "still_keyless"]);

async function insert(
  { connection }: SqlDatabase,
  { name, row }: TableCase,
  from: number,
  count: number,
): Promise<void> {
  const values = Array.from(
    { length: count },
    (_, i) => `(${row(from + i)}, ${from + i}, REPEAT('x', ${i % 40}))`,
  );
  if (count > 0) await connection.query(`INSERT INTO ${name} VALUES ${values.join(", ")}`);
}

async function fill(source: SqlDatabase): Promise<void> {
  for (const one of cases) {
    const key = one.key === undefined ? "" : `, PRIMARY KEY (${one.key})`;
    await source.connection.query(`CREATE TABLE ${one.name} (${one.columns}, n INT, text VARCHAR(40)${key})`);
    await insert(source, one, 0, one.rowCount ?? ROW_COUNT);
  }
}

/** Edits, deletes and inserts all over the ranges of every table that does not stand still. */
async function change(source: SqlDatabase, round: number): Promise<void> {
  const { connection } = source;
  for (const one of cases) {
    if (still.has(one.name)) continue;
    await connection.query(`UPDATE ${one.name} SET text = 'round ${round}' WHERE n % 197 = ${round}`);
    await connection.query(`DELETE FROM ${one.name} WHERE n % 189 = ${round}`);
    // What the round before brought is edited and deleted too.
    const added = ROW_COUNT + 30 * (round - 1);
    await connection.query(`DELETE FROM ${one.name} WHERE n = ${added - 5}`);
    await connection.query(`UPDATE ${one.name} SET text = 'again' WHERE n = ${added - 6}`);
    await insert(source, one, added, 30);
  }
}

describe.each(SQL_SERVERS)("a delta by comparison from %s", (server) => {
  const { isLacking, why } = lacking(server);

  async function site() {
    const source = await sqlDatabase(server, ownName("compared"));
    const place = await folder();
    const at = (name: string): string => join(place.path, name);
    const exported = (archive: string, ...args: string[]) =>
      mustEndWell(["export", "--source", "mysql", "--archive", at(archive), "--jobs", "1", ...args], {
        mysqlUrl: source.url,
      });
    return {
      source,
      at,
      exported,
      compared: (archive: string, previous: string) =>
        runDelta({
          source: { kind: "mysql", url: source.url },
          archive: at(archive),
          deltaFrom: at(previous),
          isByComparison: false,
        }),
      async [Symbol.asyncDispose]() {
        await source[Symbol.asyncDispose]();
        await place[Symbol.asyncDispose]();
      },
    };
  }

  test.skipIf(isLacking)(
    `is what turned the source into what it is now, for keys of all kinds, twice in a row${why}`,
    async () => {
      await using here = await site();
      const { source, at, exported, compared } = here;
      await fill(source);
      await exported("full", "--part-mib", PART_MIB);
      for (const { collection, parts, kind } of (await manifestOf(at("full"))).namespaces)
        if (kind === "table" && !collection.startsWith("no_rows"))
          expect([collection, parts.length > 2]).toEqual([collection, true]);

      await change(source, 1);
      await compared("one", "full");
      await change(source, 2);
      await compared("two", "one");
      const changed = Object.fromEntries(
        cases
          .filter(({ name }) => !still.has(name))
          .map(({ name, isWhole, key }) => [
            name,
            isWhole === true || key === undefined ? "whole" : "changed",
          ]),
      );
      for (const archive of ["one", "two"]) expect(await changesIn(at(archive))).toEqual(changed);
      // Little is written: what was touched, and no more.
      for (const { collection, change: how, lineCount } of (await manifestOf(at("two"))).namespaces)
        if (how === "changed") expect([collection, lineCount < 60]).toEqual([collection, true]);

      await exported("fresh", "--part-mib", PART_MIB);
      expect(sorted(await chainContents([at("full"), at("one"), at("two")]))).toEqual(
        sorted(await chainContents([at("fresh")])),
      );
      const third = await compared("three", "two");
      expect((await manifestOf(at("three"))).namespaces).toEqual([]);
      expect(third.notes).toContain("delta-empty");
    },
  );

  test.skipIf(isLacking)(`reads no row of ranges that are as they were${why}`, async () => {
    await using here = await site();
    const { source, at, exported, compared } = here;
    await fillTypedTable(source.connection, typedColumns(server), 60);
    await source.connection.query("CREATE TABLE log (id BIGINT PRIMARY KEY, text VARCHAR(100))");
    const log = { name: "log", columns: "", row: (i: number) => `${i}` };
    const append = (from: number, count: number) =>
      source.connection.query(
        `INSERT INTO ${log.name} VALUES ${Array.from({ length: count }, (_, i) => `(${from + i}, REPEAT('x', 90))`).join()}`,
      );
    await append(0, 2000);
    await exported("full", "--part-mib", "0.06");
    expect((await compared("still", "full")).itemsRead).toBe(0);
    expect(await changesIn(at("still"))).toEqual({});
    await append(2000, 50);
    expect((await compared("appended", "still")).itemsRead).toBe(50);
    await append(2050, 7);
    expect((await compared("again", "appended")).itemsRead).toBe(7);
    await source.connection.query("UPDATE log SET text = 'edited' WHERE id = 700");
    const edited = (await compared("edited", "again")).itemsRead;
    expect(edited).toBeGreaterThan(1);
    expect(edited).toBeLessThan(500);
    // What deltas brought into the middle is known where it is.
    expect((await compared("quiet", "edited")).itemsRead).toBe(0);
    await source.connection.query("DELETE FROM log WHERE id IN (3, 2055)");
    await compared("deleted", "quiet");
    expect((await compared("last", "deleted")).itemsRead).toBe(0);
    const chain = ["full", "still", "appended", "again", "edited", "quiet", "deleted", "last"];
    await exported("fresh", "--part-mib", PART_MIB);
    expect(sorted(await chainContents(chain.map(at)))).toEqual(sorted(await chainContents([at("fresh")])));
  });

  test.skipIf(isLacking)(
    `has all of what is defined otherwise or new, and says what is gone${why}`,
    async () => {
      await using here = await site();
      const { source, at, exported, compared } = here;
      const run = async (...statements: string[]): Promise<void> => {
        for (const statement of statements) await source.connection.query(statement);
      };
      await run(
        "CREATE TABLE altered (id INT PRIMARY KEY, a INT)",
        "INSERT INTO altered VALUES (1, 1), (2, 2)",
        "CREATE TABLE gone (id INT PRIMARY KEY)",
        "INSERT INTO gone VALUES (1)",
        "CREATE TABLE counted (id INT AUTO_INCREMENT PRIMARY KEY)",
        "INSERT INTO counted VALUES (1)",
        "CREATE TABLE guarded (id INT PRIMARY KEY)",
        "INSERT INTO guarded VALUES (1)",
        "CREATE VIEW seen AS SELECT a FROM altered",
        "CREATE VIEW seen_still AS SELECT id FROM altered",
        "CREATE PROCEDURE still() SELECT 1",
      );
      await exported("full");
      await run(
        "ALTER TABLE altered ADD COLUMN b INT DEFAULT 7",
        "DROP TABLE gone",
        "CREATE TABLE fresh (id INT PRIMARY KEY)",
        "INSERT INTO fresh VALUES (1), (2)",
        "INSERT INTO counted VALUES (9)",
        "DELETE FROM counted WHERE id = 9",
        "CREATE TRIGGER guard BEFORE INSERT ON guarded FOR EACH ROW SET NEW.id = NEW.id + 1",
        "DROP VIEW seen",
        "CREATE VIEW seen AS SELECT id, a FROM altered",
        "CREATE PROCEDURE added() SELECT 2",
      );
      await compared("one", "full");
      expect(await changesIn(at("one"))).toEqual({
        altered: "whole",
        counted: "changed",
        fresh: "whole",
        gone: "dropped",
        guarded: "changed",
        seen: "whole",
      });
      const { namespaces, databases } = await manifestOf(at("one"));
      expect(namespaces.find((n) => n.collection === "guarded")).toMatchObject({ parts: [], lineCount: 0 });
      expect(databases).toHaveLength(1);
      await exported("again");
      expect(sorted(await chainContents([at("full"), at("one")]))).toEqual(
        sorted(await chainContents([at("again")])),
      );
    },
  );
});
