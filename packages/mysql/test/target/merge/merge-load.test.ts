import { readdir } from "node:fs/promises";
import { statusOf } from "@firebreak/testing/recipes/status";
import { join } from "node:path";
import type { RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LOAD_QUARANTINE, type PartEntry } from "@firebreak/archive";
import { readRefusedRows, type RefusedRow } from "@firebreak/mysql-format";
import { MysqlSession, mysqlTarget, targetFacts } from "@firebreak/mysql";
import { chatApplication } from "../../../../profile-wildfirechat/src/target/application.ts";
import { copyOf, folder } from "@firebreak/testing/archives/folder";
import { well, type Outcome } from "@firebreak/testing/recipes/outcome";
import { mysqlTablesOf } from "@firebreak/testing/archives/manifest-entries";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { start } from "@firebreak/testing/command-line/firebreak";
import { loaded, repaired } from "@firebreak/testing/recipes/loaded";
import { checked } from "@firebreak/testing/recipes/checked";
import { until } from "@firebreak/testing/servers/until";
import { loadArchive } from "../../../../load/src/index.ts";
import { mysqlLoadTarget } from "@firebreak/mysql/target";
import { messageId, messageRow, userMessageRow, type ChatRow } from "@firebreak/testing/tables/chat-rows";
import { chatTarget, MESSAGES, USER_MESSAGES, type ChatShape } from "@firebreak/testing/tables/chat-target";
import {
  applicationTablesArchive,
  messageRows,
  userMessageRows,
} from "@firebreak/testing/archives/application-tables";

const KILLS = Number(process.env["FIREBREAK_KILLS"] ?? 3);
const MANY = 8000;
const TIMEOUT_MS = 180_000;

const { isLacking, why } = lacking("mongodb", "mysql");
describe.skipIf(isLacking)(`rows for a chat server's tables that have rows${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let small: string;
  let large: string;
  beforeAll(async () => {
    place = await folder();
    await using database = await sqlDatabase("mysql", ownName("facts"));
    const target = async (shape: ChatShape) => {
      await chatTarget(database.connection, shape);
      const session = await MysqlSession.open(mysqlTarget(database.url));
      try {
        const facts = await targetFacts(session, database.name, chatApplication);
        // Collations are named alike on both servers where the tables name them; others are the server's own.
        return {
          ...facts,
          shapes: facts.shapes.map((s) => ({
            ...s,
            columns: s.columns.map(({ collation, ...c }) =>
              collation === "utf8mb4_bin" ? { ...c, collation } : c,
            ),
          })),
        };
      } finally {
        await session.close();
      }
    };
    small = await applicationTablesArchive(join(place.path, "small"), {
      shape: "community",
      target: await target("community"),
      messages: messageRows(0, 300),
      userMessages: userMessageRows(0, 300),
    });
    large = await applicationTablesArchive(join(place.path, "large"), {
      shape: "old",
      target: await target("old"),
      messages: messageRows(0, MANY, 1000),
      userMessages: userMessageRows(0, 10),
      options: { partMib: 1 },
    });
  }, TIMEOUT_MS);
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of SQL_SERVERS) {
    const ofServer = lacking(server);
    describe.skipIf(ofServer.isLacking)(`on ${server}${ofServer.why}`, () => {
      let database: SqlDatabase;
      beforeAll(async () => {
        database = await sqlDatabase(server, ownName("merge"));
      });
      afterAll(() => database[Symbol.asyncDispose]());

      async function insert(table: string, rows: readonly ChatRow[]): Promise<void> {
        const names = Object.keys(rows[0]!).join(", ");
        const values = rows.map((row) =>
          Object.values(row).map((v) => (typeof v === "bigint" ? String(v) : v)),
        );
        await database.connection.query(`INSERT INTO ${table} (${names}) VALUES ?`, [values]);
      }

      async function ledger(): Promise<RowDataPacket[]> {
        const [rows] = await database.connection.query<RowDataPacket[]>(
          "SELECT * FROM firebreak_ledger ORDER BY table_name, part",
        );
        return rows;
      }

      async function refusedRows(archive: string): Promise<RefusedRow[]> {
        const found: RefusedRow[] = [];
        for (const { quarantine } of await ledger())
          if (quarantine !== null) {
            const entry = JSON.parse(String(quarantine)) as PartEntry;
            for await (const row of readRefusedRows(join(`${archive}.work`, LOAD_QUARANTINE), entry))
              found.push(row);
          }
        return found;
      }

      const load = (archive: string, options: Parameters<typeof loaded>[2] = {}): Promise<Outcome> =>
        loaded(archive, database.url, { isMerge: true, ...options });

      test(
        "are counted as present where they are equal, set aside with both where they differ, else added",
        async () => {
          const archive = await copyOf(small, place.path);
          await chatTarget(database.connection, "community");
          const other = messageRows(100, 110).map((row) => ({
            ...row,
            _data: Buffer.from("other"),
            _to: null,
          }));
          await insert(MESSAGES, [...messageRows(0, 100), ...other, ...messageRows(9000, 9005)]);
          const otherEntry = { ...userMessageRow(7), _mid: 1n };
          await insert(USER_MESSAGES, [...userMessageRows(0, 7), otherEntry, userMessageRow(900)]);
          const theirs = await theirRows();

          const refused = await load(archive, { isMerge: false });
          expect(refused.ending, refused.text).toBe("load-refused");
          expect(refused.text).toContain(`table ${MESSAGES} has 115 rows that no load of ours put there`);
          expect(await database.tables()).not.toContain("firebreak_ledger");

          const merged = await load(archive);
          expect(merged.ending, merged.text).toBe("short");
          const account = [
            { tables: [{ table: MESSAGES, rows: 300, present: 100, loaded: 190, quarantined: 10 }] },
            { tables: [{ table: USER_MESSAGES, rows: 300, present: 7, loaded: 292, quarantined: 1 }] },
          ];
          expect(merged.accounts).toMatchObject(account);
          expect(await database.value(`SELECT COUNT(*) FROM ${MESSAGES}`)).toBe("305");
          expect(await database.value(`SELECT COUNT(*) FROM ${USER_MESSAGES}`)).toBe("301");
          expect(await theirRows()).toEqual(theirs);

          const set = await refusedRows(archive);
          expect(set).toHaveLength(11);
          const first = set.find((r) => r.table === MESSAGES)!;
          expect(first).toMatchObject({ row: 101, columns: ["_mid"], errno: 1062 });
          expect(first.csv.toString()).toContain(
            Buffer.from(messageRow(100)["_data"] as Buffer).toString("base64"),
          );
          expect(first.found!.toString()).toContain(`"${messageId(100)}"`);
          expect(first.found!.toString()).toContain(`"${Buffer.from("other").toString("base64")}"`);
          expect(first.found!.toString()).toContain(',NULL,"message');

          const compared = await checked(archive, database.url);
          expect(compared.ending, compared.text).toBe("short");
          expect(compared.accounts).toMatchObject([
            { tables: [{ rows: 300, quarantined: 10, digested: 290, equal: true }] },
            { tables: [{ rows: 300, quarantined: 1, digested: 299, equal: true }] },
          ]);
          const status = await statusOf(archive, database.url);
          expect(status.accounts).toMatchObject(account);

          const before = await ledger();
          const again = await load(archive);
          expect(again.accounts).toMatchObject(account);
          expect(await ledger()).toEqual(before);
          expect(await database.value(`SELECT COUNT(*) FROM ${MESSAGES}`)).toBe("305");

          // Gone from the way, made equal, and left as they are.
          await database.connection.query(`DELETE FROM ${MESSAGES} WHERE _mid = ${messageId(100)}`);
          await database.connection.query(
            `UPDATE ${USER_MESSAGES} SET _mid = ${messageId(7)} WHERE _mid = 1`,
          );
          const replayed = await load(archive, { isReplay: true });
          expect(replayed.ending, replayed.text).toBe("short");
          expect(replayed.accounts).toMatchObject([
            { tables: [{ present: 100, loaded: 191, quarantined: 9 }] },
            { tables: [{ present: 8, loaded: 292, quarantined: 0 }] },
          ]);
          expect(await refusedRows(archive)).toHaveLength(9);
          expect(await database.value(`SELECT COUNT(*) FROM ${USER_MESSAGES}`)).toBe("301");

          await database.connection.query(`UPDATE ${MESSAGES} SET _line = 5 WHERE _mid = ${messageId(200)}`);
          await database.connection.query(`DELETE FROM ${USER_MESSAGES} WHERE _seq IN (3, 200)`);
          const repair = `${archive}-repair`;
          const differing = await checked(archive, database.url, {
            repair: { repairFolder: repair, version: "test" },
          });
          expect(differing.ending, differing.text).toBe("unequal");
          expect(differing.events.filter((e) => e.kind === "differences")).toMatchObject([
            { table: MESSAGES, missing: 0, extra: 0, changed: 1, first: [{ columns: [{ name: "_line" }] }] },
            { table: USER_MESSAGES, missing: 2, extra: 0, changed: 0 },
          ]);
          await well(repaired(repair, database.url));
          expect((await checked(archive, database.url)).ending).toBe("short");
          expect(await database.value(`SELECT COUNT(*) FROM ${USER_MESSAGES}`)).toBe("301");

          await database.connection.query(`DELETE FROM ${MESSAGES} WHERE _mid > ${messageId(105)}`);
          const lost = await load(archive);
          expect(lost.ending, lost.text).toBe("load-refused");
          expect(lost.text).toContain(
            `table ${MESSAGES} has 106 rows, and firebreak_ledger says at least 191`,
          );
          // What the remedy says brings them back, and touches no others.
          const forgotten = `DELETE FROM firebreak_ledger WHERE table_name = '${MESSAGES}'`;
          expect(lost.text).toContain(`run ${forgotten}, then pnpm load --merge`);
          const left = await theirRows();
          await database.connection.query(forgotten);
          expect((await load(archive)).ending).toBe("short");
          expect(await database.value(`SELECT COUNT(*) FROM ${MESSAGES}`)).toBe("300");
          expect(await theirRows()).toEqual(left);
          expect((await checked(archive, database.url)).ending).toBe("short");
        },
        TIMEOUT_MS,
      );

      /** By the server's own number, so that a row that was replaced is another. */
      async function theirRows(): Promise<unknown> {
        const [messages] = await database.connection.query(
          `SELECT * FROM ${MESSAGES} WHERE id <= 115 ORDER BY id`,
        );
        const [entries] = await database.connection.query(
          `SELECT * FROM ${USER_MESSAGES} WHERE id <= 9 ORDER BY id`,
        );
        return [messages, entries];
      }

      test(
        "that differ are no more than --max-quarantine, and then nothing of the part is in",
        async () => {
          const archive = await copyOf(small, place.path);
          await chatTarget(database.connection, "community");
          await insert(
            MESSAGES,
            messageRows(0, 5).map((row) => ({ ...row, _line: 9 })),
          );
          const full = await load(archive, { maxQuarantine: 4 });
          expect(full.ending, full.text).toBe("quarantine-full");
          expect(full.text).toContain("the table has a row with this key and other values");
          expect(await database.value(`SELECT COUNT(*) FROM ${MESSAGES}`)).toBe("5");
        },
        TIMEOUT_MS,
      );

      test(
        `are in exactly once after ${KILLS} kills, where no unique key guards them`,
        async () => {
          await chatTarget(database.connection, "old");
          const known = ({ _to, ...row }: ChatRow): ChatRow => row;
          await insert(MESSAGES, [...messageRows(0, 700, 1000), ...messageRows(9000, 9003)].map(known));
          const parts = async (): Promise<number> =>
            Number(await database.value("SELECT COUNT(*) FROM firebreak_ledger").catch(() => 0));
          const partCount = (await mysqlTablesOf(large)).reduce((sum, t) => sum + t.parts.length, 0);
          for (let kill = 1; kill <= KILLS; kill++) {
            const share = Math.floor(((partCount - 1) * (kill - 1 + Math.random())) / KILLS);
            const wanted = Math.max(await parts(), share);
            const run = start(["load", "--merge", "--archive", large, "--jobs", "2"], {
              mysqlUrl: database.url,
            });
            await until(`${wanted} parts in the ledger`, async () => (await parts()) >= wanted);
            run.kill("SIGKILL");
            expect((await run).signal).toBe("SIGKILL");
            await until(
              "the sessions of the killed load to end",
              async () => (await database.otherStatements()).length === 0,
            );
          }
          const ended = await load(large);
          expect(ended).toMatchObject({
            ending: "well",
            notes: [{ code: "load-resumed" }],
          });
          expect(ended.accounts).toMatchObject([
            { tables: [{ rows: MANY, present: 700, loaded: MANY - 700, quarantined: 0 }] },
            {},
          ]);
          expect(await database.value(`SELECT COUNT(*) FROM ${MESSAGES}`)).toBe(String(MANY + 3));
          expect(await database.value(`SELECT COUNT(DISTINCT _mid) FROM ${MESSAGES}`)).toBe(String(MANY + 3));
          await well(checked(large, database.url));
          expect(await readdir(place.path)).not.toContain("rows");
        },
        TIMEOUT_MS,
      );

      test(
        "are in, and it is said that the migrations are gone, or moved on, since the load began",
        async () => {
          const ends = [
            ["DROP TABLE flyway_schema_history", undefined],
            ["INSERT INTO flyway_schema_history VALUES (9, '55', 1)", "55"],
          ] as const;
          for (const [statement, after] of ends) {
            const archive = await copyOf(small, place.path);
            await chatTarget(database.connection, "community");
            const events: string[] = [];
            const loading = async (): Promise<void> => {
              const target = mysqlLoadTarget({
                url: database.url,
                applicationOf: async () => chatApplication,
              });
              for await (const event of loadArchive(target, {
                archive,
                folder: join(archive, "mysql"),
                jobs: 1,
                work: `${archive}.work`,
                maxQuarantine: 0,
                isReplay: false,
                isDryRun: false,
              })) {
                if (event.kind === "progress" && event.stage === "load" && !events.includes("load"))
                  await database.connection.query(statement);
                events.push(event.kind === "progress" ? event.stage : event.kind);
              }
            };
            await expect(loading()).rejects.toMatchObject({
              code: "flyway-moved",
              fields: { database: database.name, before: "54", after },
            });
            expect(events.at(-1)).toBe("account");
            expect(await database.value(`SELECT COUNT(*) FROM ${MESSAGES}`)).toBe("300");
          }
        },
        TIMEOUT_MS,
      );
    });
  }
});
