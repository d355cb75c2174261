import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TablePart } from "@firebreak/archive";
import { createLedger, MysqlSession, mysqlTarget } from "../../../src/index.ts";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { findingsOf, items, manifestOf, notesOf } from "./items.ts";

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`a table that is there already, on ${server},${why}`, () => {
    let database: SqlDatabase;
    let session: MysqlSession;
    const manifest = manifestOf(items());
    beforeAll(async () => {
      database = await sqlDatabase(server, ownName("tables"));
      session = await MysqlSession.open(mysqlTarget(database.url));
    });
    afterAll(async () => {
      await session.close();
      await database[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      for (const table of await database.tables()) await session.run(`DROP TABLE ${table}`);
      await session.run(items().createTable);
    });

    async function findingsAfter(...statements: readonly string[]) {
      for (const statement of statements) await session.run(statement);
      return findingsOf(session, manifest);
    }

    test("as load itself makes it, is taken", async () => {
      expect(await findingsAfter()).toEqual([]);
    });

    const exact = server === "mysql" ? "utf8mb4_0900_bin" : "utf8mb4_nopad_bin";
    const key = `CHARACTER SET utf8mb4 COLLATE ${exact} NOT NULL`;
    const wider: readonly (readonly [string, string])[] = [
      ["a longer VARCHAR", "MODIFY name VARCHAR(21)"],
      ["a text instead of a VARCHAR", "MODIFY name MEDIUMTEXT"],
      ["a small text that holds a VARCHAR of 20 characters of four bytes", "MODIFY name TINYTEXT"],
      ["a longer text", "MODIFY note LONGTEXT"],
      ["a BIGINT instead of an INT", "MODIFY n BIGINT"],
      ["an INT instead of a boolean", "MODIFY flag INT"],
      ["a decimal with more digits before the point", "MODIFY price DECIMAL(30,2)"],
      ["a longer VARBINARY", "MODIFY bytes VARBINARY(3000)"],
      ["a blob instead of a VARBINARY", "MODIFY bytes TINYBLOB"],
      ["a longer blob", "MODIFY file LONGBLOB"],
      ["a VARCHAR instead of an ObjectId's CHAR", "MODIFY ref VARCHAR(24)"],
      ["another collation, where it is no key", "MODIFY name VARCHAR(20) COLLATE utf8mb4_general_ci"],
      ["a longer key", `MODIFY _id VARCHAR(768) ${key}`],
      ["its columns in another order", "MODIFY file BLOB FIRST"],
    ];
    test.each(wider)("is taken with %s", async (_, change) => {
      expect(await findingsAfter(`ALTER TABLE items ${change}`)).toEqual([]);
    });

    const worse: readonly (readonly [string, string, string, string])[] = [
      ["a shorter VARCHAR", "MODIFY name VARCHAR(19)", "name", "narrower"],
      ["a VARCHAR instead of a text", "MODIFY note VARCHAR(1000)", "note", "narrower"],
      ["a shorter text", "MODIFY note TINYTEXT", "note", "narrower"],
      ["an INT instead of a BIGINT", "MODIFY big INT", "big", "narrower"],
      ["a column without negative numbers", "MODIFY n BIGINT UNSIGNED", "n", "other-type"],
      ["a decimal with fewer digits before the point", "MODIFY price DECIMAL(9,2)", "price", "narrower"],
      ["a decimal with fewer decimals", "MODIFY price DECIMAL(10,1)", "price", "narrower"],
      [
        "a decimal with more decimals, which shows the same values as another text",
        "MODIFY price DECIMAL(20,3)",
        "price",
        "other-type",
      ],
      [
        "a DATETIME(6), which shows the same values as another text",
        "MODIFY at DATETIME(6)",
        "at",
        "other-type",
      ],
      ["a TIMESTAMP", "MODIFY at TIMESTAMP(3) NULL", "at", "other-type"],
      ["a FLOAT", "MODIFY ratio FLOAT", "ratio", "other-type"],
      ["a shorter VARBINARY", "MODIFY bytes VARBINARY(99)", "bytes", "narrower"],
      ["a BINARY, which is filled up", "MODIFY bytes BINARY(100)", "bytes", "other-type"],
      ["a shorter blob", "MODIFY file TINYBLOB", "file", "narrower"],
      ["a text instead of a blob", "MODIFY file LONGTEXT", "file", "other-type"],
      ["a text of fewer letters", "MODIFY name VARCHAR(20) CHARACTER SET utf8mb3", "name", "character-set"],
      ["a text in latin1", "MODIFY name VARCHAR(20) CHARACTER SET latin1", "name", "character-set"],
      ["an ObjectId in UTF-16", "MODIFY ref CHAR(24) CHARACTER SET utf16", "ref", "character-set"],
      ["a column that must not be NULL", "MODIFY n INT NOT NULL DEFAULT 0", "n", "not-null"],
      ["a column missing", "DROP COLUMN note", "note", "missing"],
      ["a column more", "ADD COLUMN more INT NULL", "more", "extra"],
      ["a column more that must have a value", "ADD COLUMN more INT NOT NULL", "more", "extra-obligatory"],
      [
        "a generated column more",
        "ADD COLUMN more INT GENERATED ALWAYS AS (n + 1) STORED",
        "more",
        "extra-generated",
      ],
      [
        "a generated column in the place of one of the archive's",
        "DROP COLUMN n, ADD COLUMN n INT GENERATED ALWAYS AS (1 + 1) VIRTUAL",
        "n",
        "generated",
      ],
      [
        "a key that takes a for A",
        "MODIFY _id VARCHAR(50) COLLATE utf8mb4_general_ci NOT NULL",
        "_id",
        "key-collation",
      ],
      [
        "a key that overlooks spaces at the end",
        "MODIFY _id VARCHAR(50) COLLATE utf8mb4_bin NOT NULL",
        "_id",
        "key-collation",
      ],
    ];
    test.each(worse)("is refused with %s, and the column is named", async (_, change, column, reason) => {
      expect(await findingsAfter(`ALTER TABLE items ${change}`)).toMatchObject([
        { what: "table-differs", table: "items", problems: [{ column, why: reason }] },
      ]);
    });

    test("is refused with all its columns that differ named at once", async () => {
      const found = await findingsAfter("ALTER TABLE items MODIFY n SMALLINT, MODIFY name VARCHAR(5)");
      expect(found).toMatchObject([{ problems: [{ column: "n" }, { column: "name" }] }]);
    });

    test.each([
      ["without its key", "DROP PRIMARY KEY", ""],
      ["with another key", "DROP PRIMARY KEY, MODIFY n INT NOT NULL, ADD PRIMARY KEY (_id, n)", "_id, n"],
      [
        "with a key of the beginning of its values",
        "DROP PRIMARY KEY, ADD PRIMARY KEY (_id(5))",
        "_id (its beginning)",
      ],
    ])("is refused %s", async (_, change, found) => {
      expect(await findingsAfter(`ALTER TABLE items ${change}`)).toContainEqual({
        what: "key-differs",
        table: "items",
        expected: "_id",
        found,
      });
    });

    test("is refused with a unique index that the archive has not; with one that it has, it is taken", async () => {
      const found = await findingsAfter("CREATE UNIQUE INDEX only_one ON items (n)");
      expect(found).toEqual([{ what: "unique-index", table: "items", index: "only_one" }]);
      const statement = "CREATE UNIQUE INDEX `only_one` ON `items` (`n`)";
      const ours = manifestOf(items({ indexes: [{ name: "only_one", statement }] }));
      expect(await findingsOf(session, ours)).toEqual([]);
    });

    test("is refused with triggers that a row would start; others do not matter", async () => {
      const found = await findingsAfter(
        "CREATE TRIGGER lower_it BEFORE INSERT ON items FOR EACH ROW SET NEW.name = LOWER(NEW.name)",
        "CREATE TRIGGER on_update BEFORE UPDATE ON items FOR EACH ROW SET NEW.n = 1",
      );
      expect(found).toEqual([{ what: "triggers", table: "items", names: ["lower_it"] }]);
    });

    test("is refused with foreign keys of its own; that others refer to it does not matter", async () => {
      await session.run("CREATE TABLE others (id INT PRIMARY KEY, item INT, KEY (item)) ENGINE=InnoDB");
      const found = await findingsAfter(
        "ALTER TABLE items ADD CONSTRAINT to_others FOREIGN KEY (n) REFERENCES others (id)",
      );
      expect(found).toEqual([{ what: "foreign-keys", table: "items", names: ["to_others"] }]);
      await session.run("ALTER TABLE items DROP FOREIGN KEY to_others");
      await session.run("ALTER TABLE items ADD KEY (n)");
      await session
        .run("ALTER TABLE others ADD FOREIGN KEY (item) REFERENCES items (n)")
        .catch(() => undefined);
      expect(await findingsAfter()).toEqual([]);
      await session.run("DROP TABLE others");
    });

    const engines = server === "mysql" ? ["MyISAM", "MEMORY"] : ["MyISAM", "Aria", "MEMORY"];
    test.each(engines)("is refused in the engine %s, which cannot take back half a part", async (engine) => {
      const found = await findingsAfter(
        "ALTER TABLE items DROP COLUMN note, DROP COLUMN file",
        `ALTER TABLE items ENGINE = ${engine}`,
      );
      expect(found).toContainEqual({ what: "engine", table: "items", engine });
    });

    const edited: readonly (readonly [string, string])[] = [
      ["fewer rows than the part has", "row_count = 1"],
      ["a negative number of refused rows", "row_count = 3, quarantined_count = -1"],
      ["refused rows and no quarantine", "row_count = 1, quarantined_count = 1"],
      [
        "refused rows and a quarantine that is none",
        "row_count = 1, quarantined_count = 1, quarantine = 'x'",
      ],
    ];
    test.each(edited)("is refused where the ledger has %s", async (_, change) => {
      await createLedger(session, database.name);
      const part = { file: "items/00000.csv.zst", plainSha256: "0".repeat(64), lineCount: 2 } as TablePart;
      await session.run(
        `INSERT INTO firebreak_ledger VALUES ('items', '${part.file}', 2, 0, NULL, '${part.plainSha256}', NOW(), NULL)`,
      );
      await session.run(`UPDATE firebreak_ledger SET ${change}`);
      expect(await findingsOf(session, manifestOf(items({ parts: [part] })))).toEqual([
        { what: "ledger-counts", table: "items", part: part.file },
      ]);
    });

    test("is refused where the ledger is in such an engine", async () => {
      await createLedger(session, database.name);
      expect(await findingsAfter()).toEqual([]);
      expect(await findingsAfter("ALTER TABLE firebreak_ledger ENGINE = MEMORY")).toEqual([
        { what: "engine", table: "firebreak_ledger", engine: "MEMORY" },
      ]);
    });

    test("is refused where it is a view", async () => {
      await session.run("DROP TABLE items");
      await session.run("CREATE VIEW items AS SELECT 1 AS one");
      expect(await findingsAfter()).toEqual([{ what: "not-a-table", table: "items", kind: "view" }]);
      await session.run("DROP VIEW items");
    });

    test.skipIf(server === "mysql")(
      `is refused where it is a sequence or keeps its history${server === "mysql" ? " (skipped: MySQL has no such tables)" : ""}`,
      async () => {
        expect(await findingsAfter("ALTER TABLE items ADD SYSTEM VERSIONING")).toMatchObject([
          { what: "not-a-table", kind: "system versioned" },
        ]);
        await session.run("DROP TABLE items");
        expect(await findingsAfter("CREATE SEQUENCE items")).toMatchObject([
          { what: "not-a-table", kind: "sequence" },
        ]);
      },
    );

    test("is refused with rows that no load of ours put there", async () => {
      expect(await findingsAfter("INSERT INTO items (_id) VALUES ('a')")).toEqual([
        { what: "table-taken", table: "items" },
      ]);
    });

    test("is refused with everything that is wrong with it at once", async () => {
      const found = await findingsAfter(
        "ALTER TABLE items MODIFY n SMALLINT",
        "CREATE TRIGGER t BEFORE INSERT ON items FOR EACH ROW SET NEW.n = 1",
        "INSERT INTO items (_id) VALUES ('a')",
      );
      expect(found.map((f) => f.what).sort()).toEqual(["table-differs", "table-taken", "triggers"]);
    });

    test("with partitions is taken, and said to have gaps when it has", async () => {
      const note = { code: "load-partitions", fields: { table: "items" } };
      await session.run(
        "ALTER TABLE items PARTITION BY RANGE COLUMNS (_id) (PARTITION p VALUES LESS THAN ('m'), PARTITION q VALUES LESS THAN (MAXVALUE))",
      );
      expect(await notesOf(session, manifest)).not.toContainEqual(note);
      await session.run("ALTER TABLE items DROP PARTITION q");
      expect(await notesOf(session, manifest)).toContainEqual(note);
      await session.run("ALTER TABLE items PARTITION BY KEY (_id) PARTITIONS 3");
      expect(await notesOf(session, manifest)).not.toContainEqual(note);
    });
  });
}
