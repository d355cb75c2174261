import { readdir, rm } from "node:fs/promises";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { join } from "node:path";
import { Binary, Int32 } from "bson";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRefusedRows, type RefusedRow } from "../../../../mysql-format/src/index.ts";
import type { PartEntry } from "../../../../archive/src/index.ts";
import { copyOf, folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, ownName, sqlDatabase, SQL_SERVERS } from "@firebreak/testing/servers/databases";
import { checked } from "@firebreak/testing/recipes/checked";
import { until } from "@firebreak/testing/servers/until";
import { plantRows } from "@firebreak/testing/archives/plant-rows";

const DOCUMENTS = 3000;

/** A row that no table takes: where it is planted, how, and the columns that are to blame. */
interface BadRow {
  readonly title: string;
  readonly change: (cells: string[]) => string[];
  readonly columns: readonly string[];
}

// Cells: _id, name, born, picture, number, _extra.
const BAD_ROWS: readonly BadRow[] = [
  { title: "a number out of range", change: set(4, '"99999999999"'), columns: ["number"] },
  { title: "a text too long", change: set(1, `"${"x".repeat(1000)}"`), columns: ["name"] },
  {
    title: "a space too many at the end",
    change: set(1, `"${"x".repeat(400)}${" ".repeat(400)}"`),
    columns: ["name"],
  },
  { title: "bytes that are no UTF-8", change: set(1, '"a\xffb"'), columns: ["name"] },
  {
    title: "a day that is not in the calendar",
    change: set(2, '"2026-02-30 00:00:00.000"'),
    columns: ["born"],
  },
  { title: "NULL for a key", change: set(0, "NULL"), columns: ["_id"] },
  { title: "a field too few", change: (cells) => cells.slice(0, -1), columns: [] },
  { title: "a field too many", change: (cells) => [...cells, '"x"'], columns: [] },
  { title: "text that is no base64", change: set(3, '"A*EC"'), columns: ["picture"] },
];

function set(index: number, cell: string): (cells: string[]) => string[] {
  return (cells) => cells.map((c, i) => (i === index ? cell : c));
}

/** Plants one fault in the eleventh row, the twenty-first and so on. */
function withBadRows(rows: string[], bad: readonly BadRow[]): string[] {
  const changed = [...rows];
  for (const [i, { change }] of bad.entries()) {
    const at = 10 * (i + 1);
    changed[at] = `${change(rows[at]!.trimEnd().split(",")).join(",")}\n`;
  }
  return changed;
}

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`rows that the target refuses${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let whole: string;
  beforeAll(async () => {
    place = await folder();
    whole = await makeArchive(place.path, {
      database: ownName("badrows"),
      collections: { people: people() },
      options: { partMib: 1 },
    });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of SQL_SERVERS) {
    const ofServer = lacking(server);
    describe.skipIf(ofServer.isLacking)(`by ${server}${ofServer.why}`, () => {
      test("go to quarantine, exactly those, and all others are loaded", async () => {
        const archive = await copyOf(whole, place.path);
        // The second row of the first part, and with it half of the second part's, have one key.
        await plantRows(archive, (rows, _, part) =>
          part === 0
            ? withBadRows(rows, BAD_ROWS)
            : part === 1
              ? [rows[0]!, withKey(rows[1]!, 2), ...rows.slice(2)]
              : rows,
        );
        await using database = await sqlDatabase(server, ownName("badrows"));
        const ended = await loaded(archive, database.url, { jobs: 4 });
        expect(ended.ending, ended.text).toBe("short");
        const refused = await refusedIn(archive, database.url);
        const first = refused.filter((r) => r.part.endsWith("00000.csv.zst"));
        expect(first.map((r) => [r.row, r.columns])).toEqual(
          BAD_ROWS.map(({ columns }, i) => [10 * (i + 1) + 1, columns]),
        );
        expect(first.map((r) => r.source.line)).toEqual(first.map((r) => r.row));
        const others = refused.filter((r) => !first.includes(r));
        expect(others).toMatchObject([
          {
            part: "people/00001.csv.zst",
            row: 2,
            columns: ["_id"],
            errno: 1062,
            namespace: first[0]!.namespace,
          },
        ]);
        expect(await database.value("SELECT COUNT(*) FROM people")).toBe(
          String(DOCUMENTS - BAD_ROWS.length - 1),
        );
        expect(await database.value("SELECT name FROM people WHERE _id = 2")).toContain("Person 2 ");
        expect(ended.accounts).toMatchObject([
          {
            tables: [{ rows: DOCUMENTS, quarantined: refused.length, loaded: DOCUMENTS - refused.length }],
          },
        ]);
        const again = await loaded(archive, database.url);
        expect(again.ending, again.text).toBe("short");
        const check = await checked(archive, database.url);
        expect(check.ending, check.text).toBe("short");
      });

      test("are loaded from there when the cause is mended", async () => {
        const archive = await copyOf(whole, place.path);
        const tooLong = BAD_ROWS.filter((b) => b.title === "a text too long");
        await plantRows(archive, (rows, _, part) => (part === 1 ? withBadRows(rows, tooLong) : rows));
        await using database = await sqlDatabase(server, ownName("replay"));
        expect((await loaded(archive, database.url)).ending).toBe("short");
        const stillBad = await loaded(archive, database.url, { isReplay: true });
        expect(stillBad.ending, stillBad.text).toBe("short");
        expect(stillBad.notes.find((e) => e.code === "rows-refused")).toMatchObject({
          fields: { part: "people/00001.csv.zst", rows: [{ row: 11 }] },
        });
        const noMore = await loaded(archive, database.url, { isReplay: true, maxQuarantine: 0 });
        expect(noMore.ending, noMore.text).toBe("quarantine-full");
        expect(noMore.text).toContain("people/00001.csv.zst for people, row 11:");
        expect(await refusedIn(archive, database.url)).toHaveLength(1);
        await database.connection.query("ALTER TABLE people MODIFY name VARCHAR(2000) NULL");
        const replayed = await loaded(archive, database.url, { isReplay: true });
        expect(replayed.ending, replayed.text).toBe("well");
        expect(await refusedIn(archive, database.url)).toEqual([]);
        expect(await quarantineFiles(archive)).toEqual([]);
        expect(await database.value("SELECT COUNT(*) FROM people")).toBe(String(DOCUMENTS));
        await well(checked(archive, database.url));
      });

      test("end the load when there are more than --max-quarantine, and it goes on from there", async () => {
        const archive = await copyOf(whole, place.path);
        await plantRows(archive, (rows, _, part) => (part === 0 ? withBadRows(rows, BAD_ROWS) : rows));
        await using database = await sqlDatabase(server, ownName("toomany"));
        const full = await loaded(archive, database.url, { maxQuarantine: 3 });
        expect(full.ending, full.text).toBe("quarantine-full");
        expect(full.text).toContain("people/00000.csv.zst");
        expect(await refusedIn(archive, database.url)).toEqual([]);
        // A replay alone must not end as if all were in.
        const early = await loaded(archive, database.url, { isReplay: true });
        expect(early.ending, early.text).toBe("load-refused");
        const more = await loaded(archive, database.url, { maxQuarantine: BAD_ROWS.length });
        expect(more.ending, more.text).toBe("short");
        expect(await refusedIn(archive, database.url)).toHaveLength(BAD_ROWS.length);
      });

      test("of later parts give way, all of a part together, to those that come first", async () => {
        const archive = await copyOf(whole, place.path);
        // Three rows of the second part have keys of the first, which is stopped by bad rows of its own.
        await plantRows(archive, (rows, _, part) =>
          part === 0
            ? withBadRows(rows, BAD_ROWS)
            : part === 1
              ? [...[2, 3, 4].map((key, i) => withKey(rows[i]!, key)), ...rows.slice(3)]
              : rows,
        );
        await using database = await sqlDatabase(server, ownName("giveway"));
        const full = await loaded(archive, database.url, { maxQuarantine: 3, jobs: 4 });
        expect(full.ending, full.text).toBe("quarantine-full");
        const inBefore = "SELECT COUNT(*) FROM firebreak_ledger WHERE part IN ('people/00000.csv.zst', ";
        expect(await database.value(`${inBefore}'people/00001.csv.zst')`)).toBe("1");
        const ended = await loaded(archive, database.url);
        expect(ended.ending, ended.text).toBe("short");
        const refused = await refusedIn(archive, database.url);
        expect(refused.filter((r) => r.part.endsWith("00001.csv.zst")).map((r) => [r.row, r.errno])).toEqual([
          [1, 1062],
          [2, 1062],
          [3, 1062],
        ]);
        expect(await database.value("SELECT COUNT(*) FROM people")).toBe(String(DOCUMENTS - refused.length));
        expect(await database.value("SELECT SUM(row_count) FROM firebreak_ledger")).toBe(
          String(DOCUMENTS - refused.length),
        );
        const check = await checked(archive, database.url);
        expect(check.ending, check.text).toBe("short");
      });

      test("are not loaded twice by a replay that a dying one overtakes", async () => {
        const archive = await copyOf(whole, place.path);
        const outOfRange = BAD_ROWS.slice(0, 1);
        await plantRows(archive, (rows, _, part) => (part === 0 ? withBadRows(rows, outOfRange) : rows));
        await using database = await sqlDatabase(server, ownName("overtaken"));
        expect((await loaded(archive, database.url)).ending).toBe("short");
        await database.connection.query("ALTER TABLE people MODIFY number BIGINT NULL");
        // A replay whose process is gone and whose COMMIT is still at work, as the next run finds it.
        await using dying = await sqlSession(database.url);
        await dying.query("START TRANSACTION");
        await dying.query(
          "INSERT INTO people SELECT 11, name, born, picture, number, _extra FROM people LIMIT 1",
        );
        await dying.query(
          "UPDATE firebreak_ledger SET row_count = row_count + 1, quarantined_count = 0, quarantine = NULL WHERE quarantine IS NOT NULL",
        );
        const replay = loaded(archive, database.url, { isReplay: true });
        await until("a session that waits for the ledger", async () => {
          const [sessions] = await database.connection.query<RowDataPacket[]>("SHOW FULL PROCESSLIST");
          // Other tests have sessions on the same server.
          const own = sessions.filter((s) => s["db"] === database.name);
          return own.some((s) => /firebreak_ledger.*FOR UPDATE|LOAD DATA/s.test(String(s["Info"])));
        });
        await dying.query("COMMIT");
        const { ending, text } = await replay;
        expect(ending, text).toBe("replay-overtaken");
        expect(await refusedIn(archive, database.url)).toEqual([]);
        expect(await database.value("SELECT SUM(row_count) FROM firebreak_ledger")).toBe(String(DOCUMENTS));
        const again = await loaded(archive, database.url, { isReplay: true });
        expect(again.ending, again.text).toBe("well");
      });

      test("stay in their file when another target of this address is loaded", async () => {
        const archive = await copyOf(whole, place.path);
        await plantRows(archive, (rows, _, part) =>
          part === 0 ? withBadRows(rows, BAD_ROWS.slice(0, 1)) : rows,
        );
        await using database = await sqlDatabase(server, ownName("twotargets"));
        expect((await loaded(archive, database.url)).ending).toBe("short");
        const first = await quarantineFiles(archive);
        await database.connection.query("DROP TABLE people, firebreak_ledger");
        expect((await loaded(archive, database.url)).ending).toBe("short");
        expect(await quarantineFiles(archive)).toEqual(expect.arrayContaining(first));
        expect(await quarantineFiles(archive)).toHaveLength(2);
      });

      test("count as missing where their quarantine is gone, and that is said", async () => {
        const archive = await copyOf(whole, place.path);
        await plantRows(archive, (rows, _, part) =>
          part === 0 ? withBadRows(rows, BAD_ROWS.slice(0, 1)) : rows,
        );
        await using database = await sqlDatabase(server, ownName("gone"));
        expect((await loaded(archive, database.url)).ending).toBe("short");
        await rm(`${archive}.work`, { recursive: true });
        const check = await checked(archive, database.url);
        expect(check.ending, check.text).toBe("unequal");
        expect(check.text).toContain("--work");
        const replayed = await loaded(archive, database.url, { isReplay: true });
        expect(replayed.ending, replayed.text).toBe("replay-missing");
        expect(replayed.text).toContain("--work");
        // A repair of them could not be applied: the ledger knows them as refused.
        const repair = join(place.path, ownName("unrepaired"));
        const how = { repair: { repairFolder: repair, version: "test" } };
        expect(await checked(archive, database.url, how)).toMatchObject({
          ending: "repair-quarantine-missing",
          text: expect.stringContaining("--work") as string,
        });
        await expect(readdir(repair)).rejects.toThrow(/ENOENT/);
      });
    });
  }
});

function* people(): Generator<object> {
  for (let n = 1; n <= DOCUMENTS; n++)
    yield {
      _id: new Int32(n),
      name: `Person ${n} ${"x".repeat(340)}`,
      born: new Date(n * 86_400_001),
      picture: new Binary(Buffer.alloc(400, n)),
      number: new Int32(n),
    };
}

/** A session of the test's own. */
async function sqlSession(url: string): Promise<Connection & AsyncDisposable> {
  const { createConnection } = await import("mysql2/promise");
  const connection = await createConnection({ uri: url });
  return Object.assign(connection, { [Symbol.asyncDispose]: () => connection.end() });
}

function withKey(row: string, key: number): string {
  return row.replace(/^"\d+"/, `"${key}"`);
}

/** What the target's ledger says is in quarantine, read from there. */
async function refusedIn(archive: string, url: string): Promise<RefusedRow[]> {
  const { createConnection } = await import("mysql2/promise");
  const connection = await createConnection({ uri: url });
  try {
    const [rows] = await connection.query("SELECT quarantine FROM firebreak_ledger ORDER BY part");
    const refused: RefusedRow[] = [];
    for (const { quarantine } of rows as { quarantine: string | null }[])
      if (quarantine !== null)
        for await (const row of readRefusedRows(
          join(`${archive}.work`, "load-quarantine"),
          JSON.parse(quarantine) as PartEntry,
        ))
          refused.push(row);
    return refused;
  } finally {
    await connection.end();
  }
}

async function quarantineFiles(archive: string): Promise<string[]> {
  const entries = await readdir(`${archive}.work`, { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => e.name);
}
