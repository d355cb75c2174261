import { describe, expect, test, vi } from "vitest";
import { lacking, ownName, sqlDatabase, SQL_SERVERS } from "@firebreak/testing/servers/databases";
import { MysqlSession, mysqlTarget } from "../../src/index.ts";
import { factsOfTables, isLeading, tableFacts } from "../../src/driver/table-facts.ts";

const STATEMENTS = [
  "CREATE TABLE plain (id INT PRIMARY KEY, name VARCHAR(9) CHARACTER SET latin1, n INT NOT NULL, UNIQUE one (n, name(3)))",
  "CREATE TABLE child (id INT PRIMARY KEY, CONSTRAINT up FOREIGN KEY (id) REFERENCES plain (id) ON DELETE CASCADE)",
  "CREATE TABLE cut (id INT PRIMARY KEY) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (9))",
  "CREATE TRIGGER watch BEFORE INSERT ON cut FOR EACH ROW SET NEW.id = NEW.id + 1",
  "CREATE TRIGGER other BEFORE UPDATE ON cut FOR EACH ROW SET NEW.id = NEW.id + 1",
  "CREATE VIEW seen AS SELECT id FROM plain",
];
const NAMES = ["plain", "child", "cut", "seen", "none"];

describe.each(SQL_SERVERS)("on %s", (server) => {
  const { isLacking, why } = lacking(server);

  test.skipIf(isLacking)(`the facts of many tables are those of each, by as many queries${why}`, async () => {
    await using database = await sqlDatabase(server, ownName("facts"));
    await using other = await sqlDatabase(server, ownName("facts_other"));
    for (const statement of STATEMENTS) await database.connection.query(statement);
    await other.connection.query("CREATE TABLE plain (x INT PRIMARY KEY)");
    await using session = await MysqlSession.open(mysqlTarget(database.url));
    const rows = vi.spyOn(session, "rows");
    const places = NAMES.map((table) => ({ database: database.name, table }));
    const factsOf = await factsOfTables(session, [...places, { database: other.name, table: "plain" }]);
    const forAll = rows.mock.calls.length;
    rows.mockClear();
    const alone = new Map<string, Awaited<ReturnType<typeof tableFacts>>>();
    for (const { table } of places) alone.set(table, await tableFacts(session, database.name, table));
    // A table that exists takes seven queries, another one. For several, one more asks if the case of names matters.
    expect([forAll, rows.mock.calls.length]).toEqual([7 + 1 + 7, 7 * (NAMES.length - 1) + 1]);

    for (const [table, facts] of alone) expect(factsOf(database.name, table)).toEqual(facts);
    expect(factsOf(database.name, "none")).toBeUndefined();
    expect(factsOf("nowhere", "plain")).toBeUndefined();
    expect(factsOf(other.name, "plain")?.columns.map(({ name }) => name)).toEqual(["x"]);
    const plain = factsOf(database.name, "plain")!;
    expect(plain).toMatchObject({
      isTable: true,
      engine: "InnoDB",
      triggers: [],
      foreignKeys: [],
      hasGaps: false,
    });
    expect(plain.cascades).toEqual(["up"]);
    expect(plain.columns.map((c) => [c.name, c.type, c.isNullable, c.characterSet])).toEqual([
      ["id", "int", false, undefined],
      ["name", "varchar(9)", true, "latin1"],
      ["n", "int", false, undefined],
    ]);
    expect(plain.indexes.find(({ name }) => name === "one")).toEqual({
      name: "one",
      isUnique: true,
      columns: [
        { name: "n", isWhole: true },
        { name: "name", isWhole: false },
      ],
    });
    expect(["id", "N", "name"].map((column) => isLeading(plain, column))).toEqual([true, true, false]);
    expect(factsOf(database.name, "child")?.foreignKeys).toEqual(["up"]);
    expect(factsOf(database.name, "cut")).toMatchObject({ triggers: ["watch"], hasGaps: true });
    expect(factsOf(database.name, "seen")).toMatchObject({ isTable: false, engine: "view" });
  });

  test.skipIf(isLacking)(
    `tables whose names differ in case or accents are not taken for each other${why}`,
    async () => {
      await using database = await sqlDatabase(server, ownName("case"));
      await database.connection.query("CREATE TABLE Aa (one INT PRIMARY KEY)");
      await database.connection.query("CREATE TABLE aA (two INT PRIMARY KEY)");
      await database.connection.query(
        "CREATE TRIGGER watch BEFORE INSERT ON aA FOR EACH ROW SET NEW.two = 2",
      );
      await database.connection.query("CREATE TABLE ae (three INT PRIMARY KEY)");
      await database.connection.query("CREATE TABLE `äe` (four INT PRIMARY KEY)");
      await using session = await MysqlSession.open(mysqlTarget(database.url));
      const names = ["Aa", "aA", "aa", "ae", "äe", "AE"];
      const factsOf = await factsOfTables(
        session,
        names.map((table) => ({ database: database.name, table })),
      );
      const columns = names.map((table) => factsOf(database.name, table)?.columns.map(({ name }) => name));
      expect(columns).toEqual([["one"], ["two"], undefined, ["three"], ["four"], undefined]);
      expect(names.map((table) => factsOf(database.name, table)?.triggers.length ?? 0)).toEqual([
        0, 1, 0, 0, 0, 0,
      ]);
    },
  );

  test.skipIf(isLacking)(`no tables need no query${why}`, async () => {
    await using database = await sqlDatabase(server, ownName("no"));
    await using session = await MysqlSession.open(mysqlTarget(database.url));
    const rows = vi.spyOn(session, "rows");
    expect((await factsOfTables(session, []))(database.name, "any")).toBeUndefined();
    expect(rows).not.toHaveBeenCalled();
  });
});
