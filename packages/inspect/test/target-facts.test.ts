import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { COMMUNITY_FACTS } from "../../profile-wildfirechat/src/target/community-facts.ts";
import { readTargetFacts } from "../../profile-wildfirechat/src/target/target-facts.ts";
import { factsDifferences } from "../../profile-wildfirechat/test/support/facts-differences.ts";
import { folder } from "@firebreak/testing/archives/folder";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  urlOf,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { eventsOf, firebreak } from "@firebreak/testing/command-line/firebreak";
import { messageId, messageRow, userMessageRow, type ChatRow } from "@firebreak/testing/tables/chat-rows";
import { chatTarget, MESSAGES, USER_MESSAGES } from "@firebreak/testing/tables/chat-target";

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`facts of a target on ${server}${why}`, () => {
    let database: SqlDatabase;
    let place: Awaited<ReturnType<typeof folder>>;
    let file: string;
    beforeAll(async () => {
      place = await folder();
      file = join(place.path, "facts.json");
      database = await sqlDatabase(server, ownName("facts"));
    });
    afterAll(async () => {
      await database[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });
    beforeEach(() => chatTarget(database.connection, "community"));

    async function inspect(url = database.url) {
      return firebreak(["inspect", "--target-facts", file, "--json"], { mysqlUrl: url });
    }

    async function insert(table: string, row: ChatRow): Promise<void> {
      const values = Object.values(row).map((v) => (typeof v === "bigint" ? String(v) : v));
      await database.connection.query(`INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (?)`, [
        values,
      ]);
    }

    test("say of the community's tables what the profile supposes of them", async () => {
      const ended = await inspect();
      expect(ended.exitCode).toBe(0);
      const facts = readTargetFacts(await readFile(file, "utf8"));
      expect(facts).toMatchObject({
        database: database.name,
        flywayVersion: "54",
        filled: [],
        privateTargets: { plain: 0, pair: 0 },
      });
      expect(facts.server).toMatch(/^\d+\.\d+/);
      expect(facts.newestMid).toBeUndefined();
      const supposed = {
        ...COMMUNITY_FACTS,
        shapes: COMMUNITY_FACTS.shapes.map((shape) => ({
          ...shape,
          tables: shape.tables.filter((t) => t === MESSAGES || t === USER_MESSAGES),
        })),
      };
      expect(factsDifferences(supposed, facts)).toEqual([]);
      const keys = facts.shapes.map(({ tables, uniqueKeys }) => [
        tables,
        uniqueKeys.toSorted((x, y) => x[0]!.localeCompare(y[0]!)),
      ]);
      expect(keys).toEqual([
        [[MESSAGES], [["_mid"], ["id"]]],
        [[USER_MESSAGES], [["id"]]],
      ]);
    });

    test("name defaults as they are: literals, NULL, expressions, generated columns", async () => {
      await database.connection.query(
        `ALTER TABLE ${MESSAGES} ADD COLUMN word VARCHAR(9) NOT NULL DEFAULT 'it''s', ADD COLUMN void INT NULL,
          ADD COLUMN low INT NOT NULL DEFAULT -3, ADD COLUMN big BIGINT UNSIGNED NOT NULL, ADD COLUMN at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
          ADD COLUMN twice INT GENERATED ALWAYS AS (_line * 2) STORED, ADD COLUMN bin VARBINARY(7) NULL`,
      );
      await inspect();
      const { shapes } = readTargetFacts(await readFile(file, "utf8"));
      const columns = new Map(
        shapes.find((s) => s.tables.includes(MESSAGES))!.columns.map((c) => [c.name, c]),
      );
      expect(columns.get("id")).toMatchObject({ isAutoIncrement: true });
      expect(columns.get("word")).toMatchObject({
        default: "it's",
        isDefaultExpression: false,
        characters: 9,
      });
      expect(columns.get("void")).toMatchObject({ default: null, isNullable: true });
      expect(columns.get("low")).toMatchObject({ default: "-3", isDefaultExpression: false });
      expect(columns.get("big")).toMatchObject({ type: "bigint", isUnsigned: true });
      expect(columns.get("big")).not.toHaveProperty("default");
      expect(columns.get("at")).toMatchObject({ type: "datetime(3)", isDefaultExpression: true });
      expect(columns.get("twice")).toMatchObject({ isDefaultExpression: true });
      expect(columns.get("bin")).toMatchObject({ type: "varbinary", bytes: 7 });
    });

    test("say what the rows show: zones, the form of private chats, the newest message", async () => {
      for (let n = 0; n < 12; n++) {
        await insert(MESSAGES, messageRow(n));
        await insert(USER_MESSAGES, userMessageRow(n));
      }
      await insert(MESSAGES, { ...messageRow(900), _type: 0, _from: "b", _target: "a|b" });
      const ended = await inspect();
      const facts = readTargetFacts(await readFile(file, "utf8"));
      expect(facts).toMatchObject({
        filled: [MESSAGES, USER_MESSAGES],
        privateTargets: { plain: 6, pair: 1 },
        newestMid: String(messageId(900)),
        evidence: {
          jvm: { sampleCount: 13, tellingCount: 12 },
          jdbc: { sampleCount: 13, tellingCount: 13 },
          session: { sampleCount: 12, tellingCount: 12 },
        },
      });
      const telling = (which: "jvm" | "jdbc" | "session") =>
        Object.fromEntries(facts.evidence[which]!.telling.map((t) => [t.candidate, t.agreeCount]));
      expect(telling("jvm")).toEqual({ "Asia/Shanghai": 12, UTC: 0 });
      expect(telling("jdbc")).toEqual({ "Asia/Shanghai": 13, UTC: 0 });
      expect(telling("session")).toEqual({ "Asia/Shanghai": 0, UTC: 12 });
      expect(ended.stderr).toContain("12 rows tell by tables of messages: Asia/Shanghai 12, UTC 0 agree");
      expect(ended.stderr).toContain("6 name the receiver (plain) and 1 both people (pair)");
    });

    test("are written where no migration is, and that is said", async () => {
      await database.connection.query("DROP TABLE flyway_schema_history");
      const ended = await inspect();
      expect(ended.exitCode).toBe(0);
      expect(ended.output).toContain("is it the chat server's database?");
      expect(readTargetFacts(await readFile(file, "utf8")).flywayVersion).toBeNull();
    });

    test("are not made of a server without a database, nor of one that is not there, and leave the file as it was", async () => {
      await writeFile(file, "before");
      for (const url of [urlOf(server), urlOf(server, "f_nowhere")]) {
        const ended = await inspect(url);
        expect([2, 6]).toContain(ended.exitCode);
        expect(ended.output).toMatch(/names a server|has no database f_nowhere/);
      }
      expect(await readFile(file, "utf8")).toBe("before");
    });
  });
}

const mysql = lacking("mysql");
test.skipIf(mysql.isLacking)(
  `facts of all 164 tables take a few KB${mysql.why}`,
  async () => {
    await using database = await sqlDatabase("mysql", ownName("all"));
    await using place = await folder();
    await chatTarget(database.connection, "community");
    for (const [stem, model, count] of [
      ["t_messages_", MESSAGES, 36],
      ["t_user_messages_", USER_MESSAGES, 128],
    ] as const)
      for (let n = 0; n < count; n++)
        if (`${stem}${n}` !== model)
          await database.connection.query(`CREATE TABLE ${stem}${n} LIKE ${model}`);
    const file = join(place.path, "facts.json");
    const ended = await firebreak(["inspect", "--target-facts", file, "--json"], { mysqlUrl: database.url });
    expect(eventsOf(ended)[0]).toMatchObject({ code: "target-facts-written", fields: { tables: 164 } });
    const text = await readFile(file, "utf8");
    expect(text.length).toBeLessThan(10_000);
    expect(readTargetFacts(text).shapes.map(({ tables }) => tables.length)).toEqual([36, 128]);
  },
  120_000,
);
