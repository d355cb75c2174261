import type { RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  FirebreakError,
  type MysqlManifest,
  type MysqlTable,
  type ProfileDecision,
  type TargetFacts,
} from "@firebreak/archive";
import { createLedger, MysqlSession, mysqlTarget, targetFacts } from "@firebreak/mysql";
import { preflight, type TargetFinding } from "@firebreak/mysql/target";
import { chatApplication } from "../../../../profile-wildfirechat/src/target/application.ts";
import { targetFinding } from "../../../../cli/src/messages/en/preflight.ts";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { messageRow, userMessageRow, type ChatRow } from "@firebreak/testing/tables/chat-rows";
import { chatTarget, MESSAGES, USER_MESSAGES, type ChatShape } from "@firebreak/testing/tables/chat-target";
import { DECISIONS, applicationTable } from "@firebreak/testing/archives/application-tables";

/** A table of no parts that gets values in these columns. */
function tableOf(table: string, row: ChatRow, shape: ChatShape): MysqlTable {
  const columns = Object.entries(row).map(([name, value]) => ({
    name,
    sqlType: "",
    form: value instanceof Uint8Array ? ("binary" as const) : ("text" as const),
  }));
  const plain: MysqlTable = {
    table,
    database: "nowhere",
    namespace: `chat.${table}`,
    columns: columns.filter(({ name }) => shape !== "old" || name !== "_to"),
    keyColumns: [],
    rowEncoding: "values",
    digest: { rowCount: 0, laneA: "0", laneB: "0" },
    largestValueBytes: 0,
    largestRowBytes: 0,
    createTable: "",
    indexes: [],
    notCarried: [],
    parts: [],
  };
  return applicationTable(plain, "", shape);
}

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`a load into tables of a chat server on ${server} is refused${why}`, () => {
    let database: SqlDatabase;
    let session: MysqlSession;
    const facts = new Map<ChatShape, TargetFacts>();
    beforeAll(async () => {
      database = await sqlDatabase(server, ownName("given"));
      session = await MysqlSession.open(mysqlTarget(database.url));
      for (const shape of ["community", "wide", "old"] as const) {
        await chatTarget(database.connection, shape);
        facts.set(shape, await targetFacts(session, database.name, chatApplication));
      }
    }, 60_000);
    afterAll(async () => {
      await session.close();
      await database[Symbol.asyncDispose]();
    });
    beforeEach(() => chatTarget(database.connection, "community"));

    interface Case {
      readonly shape?: ChatShape;
      readonly target?: TargetFacts;
      readonly decisions?: readonly ProfileDecision[];
      readonly isMerge?: boolean;
    }

    async function findings(...statements: readonly string[]): Promise<readonly TargetFinding[]> {
      return findingsOf({}, ...statements);
    }

    async function findingsOf(
      { shape = "community", target = facts.get(shape), decisions = DECISIONS, isMerge = false }: Case,
      ...statements: readonly string[]
    ): Promise<readonly TargetFinding[]> {
      for (const statement of statements) await database.connection.query(statement);
      const manifest = {
        tables: [tableOf(MESSAGES, messageRow(0), shape), tableOf(USER_MESSAGES, userMessageRow(0), shape)],
        profileFacts: {
          options: {},
          decisions: [...decisions],
          counts: {},
          remarks: {},
          quarantined: {},
          staying: [],
        },
        target,
      } as unknown as MysqlManifest;
      try {
        await preflight(session, manifest, { isMerge, application: chatApplication });
        return [];
      } catch (error) {
        if (!(error instanceof FirebreakError) || error.code !== "load-refused") throw error;
        return error.fields["findings"] as TargetFinding[];
      }
    }

    async function insert(table: string, row: ChatRow): Promise<void> {
      const names = Object.keys(row).join(", ");
      const values = Object.values(row).map((v) => (typeof v === "bigint" ? String(v) : v));
      await database.connection.query(`INSERT INTO ${table} (${names}) VALUES (?)`, [values]);
    }

    const problem = (found: readonly TargetFinding[]): object[] =>
      found.map((f): object => (f.what === "given-differs" ? { tables: f.tables, ...f.problem } : f));

    test("not at all, where the target is what the facts say", async () => {
      expect(await findings()).toEqual([]);
      await chatTarget(database.connection, "wide");
      expect(await findingsOf({ shape: "wide" })).toEqual([]);
      await chatTarget(database.connection, "old");
      expect(await findingsOf({ shape: "old" })).toEqual([]);
    });

    test("nor where a body's column was made wider, or has got an order of its own", async () => {
      expect(await findings(`ALTER TABLE ${MESSAGES} MODIFY _data MEDIUMBLOB NOT NULL AFTER id`)).toEqual([]);
    });

    test("where a table is missing", async () => {
      expect(await findings(`DROP TABLE ${USER_MESSAGES}`)).toEqual([
        { what: "given-missing", tables: [USER_MESSAGES] },
      ]);
    });

    test("where a view stands in a table's place", async () => {
      try {
        const view = `CREATE VIEW ${USER_MESSAGES} AS SELECT * FROM ${MESSAGES}`;
        expect(await findings(`DROP TABLE ${USER_MESSAGES}`, view)).toEqual([
          { what: "given-missing", tables: [USER_MESSAGES] },
        ]);
      } finally {
        await database.connection.query(`DROP VIEW ${USER_MESSAGES}`);
      }
    });

    test.each([
      ["a column is missing", "DROP COLUMN _to", "_to", "missing", "varchar(64)", ""],
      [
        "a column is narrower",
        "MODIFY _from VARCHAR(63) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL",
        "_from",
        "narrower",
        "varchar(64)",
        "varchar(63)",
      ],
      [
        "a column holds fewer numbers",
        "MODIFY _line SMALLINT NOT NULL",
        "_line",
        "narrower",
        "int",
        "smallint",
      ],
      [
        "a column is of another type",
        "MODIFY _dt TIMESTAMP NOT NULL",
        "_dt",
        "other-type",
        "datetime",
        "timestamp",
      ],
      [
        "a time has got a fraction",
        "MODIFY _dt DATETIME(3) NOT NULL",
        "_dt",
        "other-type",
        "datetime",
        "datetime(3)",
      ],
      [
        "the width has changed that tells how private chats are named",
        "MODIFY _target VARCHAR(129) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL",
        "_target",
        "width",
        "varchar(64)",
        "varchar(129)",
      ],
      [
        "a column takes no NULL any more",
        "MODIFY _to VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL",
        "_to",
        "nullability",
        "NULL",
        "NOT NULL",
      ],
      [
        "a column may be NULL that might not",
        "MODIFY _content_type INT NULL DEFAULT 0",
        "_content_type",
        "nullability",
        "NOT NULL",
        "NULL",
      ],
      [
        "a column has another collation",
        "MODIFY _from VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL",
        "_from",
        "collation",
        "utf8mb4_bin",
        "utf8mb4_general_ci",
      ],
      [
        "a column has another character set",
        "MODIFY _from VARCHAR(64) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL",
        "_from",
        "character-set",
        "utf8mb4",
        "latin1",
      ],
      [
        "a column of the site's own would have no value",
        "ADD COLUMN tenant INT NOT NULL",
        "tenant",
        "unfillable",
        "",
        "int",
      ],
      [
        "a new unique key could shut rows out",
        "ADD UNIQUE KEY alone (_from, _line)",
        "_from, _line",
        "unique",
        "",
        "",
      ],
    ] as const)("where %s", async (_, change, column, why, expected, found) => {
      const refused = await findings(`ALTER TABLE ${MESSAGES} ${change}`);
      expect(problem(refused)).toEqual([{ tables: [MESSAGES], column, why, expected, found }]);
      expect(targetFinding(refused[0]!)).toMatch(new RegExp(`^table ${MESSAGES}: .*${column}`));
    });

    test("with all that is wrong at once, tables of one problem together", async () => {
      const refused = await findings(
        `ALTER TABLE ${MESSAGES} MODIFY _line BIGINT UNSIGNED NOT NULL, ADD COLUMN tenant INT NOT NULL`,
        `ALTER TABLE ${USER_MESSAGES} ADD COLUMN tenant INT NOT NULL, DROP COLUMN _cont_type`,
        "DROP TABLE flyway_schema_history",
      );
      expect(problem(refused)).toMatchObject([
        { what: "flyway-missing" },
        { tables: [MESSAGES], column: "_line", why: "other-type" },
        { tables: [MESSAGES, USER_MESSAGES], column: "tenant", why: "unfillable" },
        { tables: [USER_MESSAGES], column: "_cont_type", why: "missing" },
      ]);
    });

    test("without a flyway_schema_history, and with one that has no migration", async () => {
      const missing = [{ what: "flyway-missing", database: database.name }];
      expect(await findings("DELETE FROM flyway_schema_history")).toEqual(missing);
      expect(await findings("DROP TABLE flyway_schema_history")).toEqual(missing);
    });

    test("at another migration than the facts were made at, and a supposed one counts for nothing", async () => {
      const later = "INSERT INTO flyway_schema_history VALUES (5, '55', 1), (6, '56', 0)";
      expect(await findings(later)).toEqual([{ what: "flyway-changed", expected: "54", found: "55" }]);
      const { database: _, ...supposed } = facts.get("community")!;
      expect(await findingsOf({ target: supposed })).toEqual([]);
    });

    test("where a table has rows that are not ours, unless they are merged", async () => {
      await insert(USER_MESSAGES, userMessageRow(500));
      const taken = [{ what: "given-taken", table: USER_MESSAGES, rowCount: 1 }];
      expect(await findings()).toEqual(taken);
      expect(targetFinding(taken[0] as TargetFinding)).toContain("--merge");
      expect(await findingsOf({ isMerge: true })).toEqual([]);
    });

    test("where rows are to be merged, and there is no table of an application", async () => {
      const manifest = { tables: [] } as unknown as MysqlManifest;
      await expect(preflight(session, manifest, { isMerge: true })).rejects.toMatchObject({
        fields: { findings: [{ what: "merge-needless" }] },
      });
    });

    test("where a table has triggers", async () => {
      const trigger = `CREATE TRIGGER own BEFORE INSERT ON ${MESSAGES} FOR EACH ROW SET NEW._line = 1`;
      expect(await findings(trigger)).toEqual([{ what: "triggers", table: MESSAGES, names: ["own"] }]);
    });

    test("where a zone disagrees with the rows that are there, and where the form of private chats does", async () => {
      for (let n = 0; n < 20; n++) {
        await insert(MESSAGES, messageRow(n));
        await insert(USER_MESSAGES, userMessageRow(n));
      }
      expect(await findingsOf({ isMerge: true })).toEqual([]);
      const decisions = [
        { setting: "zone", value: "UTC", by: "option" },
        { setting: "serverTimezone", value: "UTC", by: "option" },
        { setting: "sessionTimezone", value: "Asia/Shanghai", by: "option" },
        { setting: "privateTarget", value: "pair", by: "option" },
      ] as const;
      const against = { agreeCount: 0, otherCount: 20, sampleCount: 20 };
      expect(await findingsOf({ isMerge: true, decisions })).toEqual([
        { what: "zone-differs", setting: "zone", value: "UTC", other: "Asia/Shanghai", ...against },
        { what: "zone-differs", setting: "serverTimezone", value: "UTC", other: "Asia/Shanghai", ...against },
        {
          what: "zone-differs",
          setting: "sessionTimezone",
          value: "Asia/Shanghai",
          other: "UTC",
          ...against,
        },
        { what: "private-differs", value: "pair", plain: 10, pair: 0 },
      ]);
      const other = [{ setting: "zone", value: "America/New_York", by: "option" } as const];
      expect(await findingsOf({ isMerge: true, decisions: other })).toMatchObject([
        { what: "zone-differs", value: "America/New_York", agreeCount: 0, other: "Asia/Shanghai" },
      ]);
    });

    test("where a user may not do what a load does, and not for want of what it does not do", async () => {
      const user = `given_${process.pid}`;
      await database.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'secret'`);
      try {
        await database.connection.query(`GRANT SELECT, INSERT ON \`${database.name}\`.* TO '${user}'@'%'`);
        const url = database.url.replace("root@", `${user}:secret@`);
        const own = await MysqlSession.open(mysqlTarget(url));
        const all = session;
        session = own;
        try {
          expect(await findings()).toEqual([
            { what: "privileges", database: database.name, missing: ["DELETE", "CREATE"] },
          ]);
        } finally {
          session = all;
          await own.close();
        }
      } finally {
        await database.connection.query(`DROP USER '${user}'@'%'`);
      }
    });

    test("where the ledger has rows of another archive", async () => {
      await createLedger(session, database.name);
      const [[row]] = await database.connection.query<RowDataPacket[]>(
        "SELECT COUNT(*) AS n FROM firebreak_ledger",
      );
      expect(row?.["n"]).toBe(0);
      await database.connection.query(
        `INSERT INTO firebreak_ledger VALUES ('${MESSAGES}', 'x.csv.zst', 3, 0, NULL, REPEAT('0', 64), NOW(), NULL)`,
      );
      expect(await findings()).toEqual([
        { what: "ledger-foreign", table: MESSAGES, part: "x.csv.zst", isGiven: true },
      ]);
    });
  });
}
