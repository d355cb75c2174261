import { createHash } from "node:crypto";
import { Binary, Double, Int32 } from "bson";
import type { Document } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { mysqlTablesOf } from "@firebreak/testing/archives/manifest-entries";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { checked } from "@firebreak/testing/recipes/checked";
import type { ReportedDifference } from "@firebreak/target";
import { differencesOf, keyOf } from "../differences-of.ts";

const ROW_COUNT = 200;

/** The double whose bits are one above. */
function nextDouble(value: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + 1n);
  return bits.getFloat64(0);
}

const longBytes = (n: number): Buffer => Buffer.alloc(300_000, createHash("sha256").update(`${n}`).digest());
const longText = (n: number): string => `${n} äöü 😀 `.repeat(10_000);

function* documents(): Generator<Document> {
  for (let n = 1; n <= ROW_COUNT; n++)
    yield {
      _id: `key ${n + 100}`,
      number: new Int32(n),
      name: `Name ${n}`,
      mood: `fine 😀 ${n}`,
      accent: `caf\u00e9 ${n}`,
      blank: n % 2 === 0 ? "" : null,
      body: new Binary(Buffer.from(`body ${n}`)),
      ratio: new Double(n / 7),
      at: new Date(1_700_000_000_000 + n),
      nested: { b: n, a: "x" },
      ...(n % 50 === 0 ? { film: new Binary(longBytes(n)), story: longText(n) } : {}),
    };
}

interface Fault {
  readonly title: string;
  readonly sql: readonly string[];
  readonly differences: readonly Omit<ReportedDifference, "table" | "source">[];
  /** What is said on the screen. */
  readonly says?: readonly string[];
}

type Change = [name: string, type: string, expected: string | null, found: string | null];

/** The key's column holds keys of all kinds, as canonical Extended JSON. */
const keyText = (n: number): string => `"key ${n + 100}"`;

function changed(n: number, ...columns: readonly Change[]): Fault["differences"][number] {
  return {
    kind: "changed",
    key: [keyText(n)],
    columns: columns.map(([name, type, expected, found]) => ({ name, type, expected, found })),
  };
}

const faults: readonly Fault[] = [
  { title: "no fault", sql: [], differences: [] },
  {
    title: "one bit of a blob",
    sql: ["UPDATE things SET body = CONCAT(CHAR(ASCII(body) ^ 1), SUBSTRING(body, 2)) WHERE number = 17"],
    differences: [changed(17, ["body", "varbinary(8)", "0x626f6479203137", "0x636f6479203137"])],
    says: ["expected 0x626f6479203137", "found 0x636f6479203137"],
  },
  {
    title: "two values exchanged between rows",
    sql: ["UPDATE things SET name = IF(number = 30, 'Name 31', 'Name 30') WHERE number IN (30, 31)"],
    differences: [
      changed(30, ["name", "varchar(8)", "Name 30", "Name 31"]),
      changed(31, ["name", "varchar(8)", "Name 31", "Name 30"]),
    ],
  },
  {
    title: "a row that is gone",
    sql: ["DELETE FROM things WHERE number = 26"],
    differences: [{ kind: "missing", key: [keyText(26)], columns: [] }],
  },
  {
    title: "a row too many",
    sql: ["INSERT INTO things (_id, name) VALUES ('KEY 27', 'Name 27')"],
    differences: [{ kind: "extra", key: ["KEY 27"], count: 1, columns: [] }],
  },
  {
    title: "a row twice too many, in a table whose key was dropped",
    sql: [
      "ALTER TABLE things DROP PRIMARY KEY",
      "INSERT INTO things SELECT * FROM things_kept WHERE number = 28",
      "INSERT INTO things SELECT * FROM things_kept WHERE number = 28",
    ],
    differences: [{ kind: "extra", key: [keyText(28)], count: 2, columns: [] }],
    says: ['extra    _id ""key 128"" (2 rows)'],
  },
  {
    title: "a row that came twice and was changed in both, in a table whose key was dropped",
    sql: [
      "ALTER TABLE things DROP PRIMARY KEY",
      "INSERT INTO things SELECT * FROM things_kept WHERE number = 29",
      "UPDATE things SET name = 'x' WHERE number = 29",
    ],
    differences: [
      changed(29, ["name", "varchar(8)", "Name 29", "x"]),
      { kind: "extra", key: [keyText(29)], count: 1, columns: [] },
    ],
  },
  {
    title: "a trailing space",
    sql: ["UPDATE things SET name = CONCAT(name, ' ') WHERE number = 18"],
    differences: [changed(18, ["name", "varchar(8)", "Name 18", "Name 18 "])],
    says: ['found "Name 18 "'],
  },
  {
    title: "a case change",
    sql: ["UPDATE things SET name = UPPER(name) WHERE number = 19"],
    differences: [changed(19, ["name", "varchar(8)", "Name 19", "NAME 19"])],
  },
  {
    title: "a key's case change, under a collation that takes both for one",
    sql: [
      "ALTER TABLE things MODIFY _id VARCHAR(768) COLLATE utf8mb4_general_ci",
      `UPDATE things SET _id = '"Key 120"', name = 'x' WHERE number = 20`,
    ],
    differences: [
      { kind: "extra", key: ['"Key 120"'], count: 1, columns: [] },
      { kind: "missing", key: [keyText(20)], columns: [] },
    ],
  },
  {
    title: "an empty string for NULL",
    sql: ["UPDATE things SET blank = '' WHERE number = 21"],
    differences: [changed(21, ["blank", "varchar(4)", null, ""])],
    says: ["expected NULL", 'found ""'],
  },
  {
    title: "NULL for an empty string",
    sql: ["UPDATE things SET blank = NULL WHERE number = 22"],
    differences: [changed(22, ["blank", "varchar(4)", "", null])],
    says: ['expected ""', "found NULL"],
  },
  {
    title: "the word NULL for NULL",
    sql: ["UPDATE things SET blank = 'NULL' WHERE number = 23"],
    differences: [changed(23, ["blank", "varchar(4)", null, "NULL"])],
    says: ["expected NULL", 'found "NULL"'],
  },
  {
    title: "a millisecond",
    sql: ["UPDATE things SET at = at + INTERVAL 1000 MICROSECOND WHERE number = 24"],
    differences: [changed(24, ["at", "datetime(3)", "2023-11-14 22:13:20.024", "2023-11-14 22:13:20.025"])],
  },
  {
    title: "the last bit of a double",
    sql: [`UPDATE things SET ratio = ${nextDouble(25 / 7).toExponential(17)} WHERE number = 25`],
    differences: [changed(25, ["ratio", "double", `${25 / 7}`, `${nextDouble(25 / 7)}`])],
  },
  {
    title: "an emoji replaced by another",
    sql: ["UPDATE things SET mood = REPLACE(mood, '😀', '😁') WHERE number = 32"],
    differences: [changed(32, ["mood", "varchar(16)", "fine 😀 32", "fine 😁 32"])],
  },
  {
    title: "a letter with its accent apart",
    sql: ["UPDATE things SET accent = CONVERT(X'63616665CC81203333' USING utf8mb4) WHERE number = 33"],
    differences: [changed(33, ["accent", "varchar(8)", "caf\u00e9 33", "cafe\u0301 33"])],
    says: ['expected "caf\\u{e9} 33"', 'found "cafe\\u{301} 33"'],
  },
  {
    title: "a JSON text in another order",
    sql: [`UPDATE things SET nested = '{"a":"x","b":{"$numberInt":"34"}}' WHERE number = 34`],
    differences: [
      changed(34, [
        "nested",
        "longtext",
        '{"b":{"$numberInt":"34"},"a":"x"}',
        '{"a":"x","b":{"$numberInt":"34"}}',
      ]),
    ],
  },
  {
    title: "two columns of a row",
    sql: ["UPDATE things SET name = 'x', number = -1 WHERE number = 35"],
    differences: [changed(35, ["number", "int", "35", "-1"], ["name", "varchar(8)", "Name 35", "x"])],
  },
];

const { isLacking: isSourceLacking, why: whySource } = lacking("mongodb");
describe.skipIf(isSourceLacking)(`checksum${whySource}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  let part: string;
  let types: ReadonlyMap<string, string>;
  beforeAll(async () => {
    place = await folder();
    // The first document has no key that a row can have: lines and rows are counted apart.
    const refused = { _id: "a".repeat(800) };
    archive = await makeArchive(place.path, {
      database: ownName("planted"),
      collections: { things: [refused, ...documents()], others: [{ _id: 1 }] },
      isTransformed: false,
    });
    expect((await transformed(archive)).ending).toBe("short");
    const things = (await mysqlTablesOf(archive)).find(({ table }) => table === "things")!;
    types = new Map(things.columns.map(({ name, sqlType }) => [name, sqlType]));
    part = `source/${ownName("planted")}/things/00000.ndjson.zst`;
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`on ${server}${why}`, () => {
      let database: SqlDatabase;
      beforeAll(async () => {
        database = await sqlDatabase(server, ownName("planted"));
        expect((await loaded(archive, database.url)).ending).toBe("short");
        await database.connection.query("RENAME TABLE things TO things_kept");
      });
      afterAll(() => database[Symbol.asyncDispose]());

      async function plant(sql: readonly string[]): Promise<void> {
        await database.connection.query("DROP TABLE IF EXISTS things");
        await database.connection.query("CREATE TABLE things LIKE things_kept");
        await database.connection.query("INSERT INTO things SELECT * FROM things_kept");
        for (const statement of sql) await database.connection.query(statement);
      }

      for (const { title, sql, differences, says = [] } of faults)
        test(`finds ${title}, and names exactly the rows and columns`, async () => {
          await plant(sql);
          const ended = await checked(archive, database.url);
          if (differences.length === 0) {
            expect(ended.ending, ended.text).toBe("short");
            expect(ended.events.filter(({ kind }) => kind === "differences")).toEqual([]);
            return;
          }
          expect(ended.ending, ended.text).toBe("unequal");
          const found = await differencesOf(archive);
          const wanted = differences.map((d) => ({
            ...d,
            table: "things",
            columns: d.columns.map((c) => ({ ...c, type: types.get(c.name) })),
            ...(d.kind === "extra"
              ? {}
              : { source: { namespace: `${ownName("planted")}.things`, part, line: lineOf(d) } }),
          }));
          expect(sorted(found)).toEqual(sorted(wanted as ReportedDifference[]));
          const [event, ...others] = ended.events.filter((e) => e.kind === "differences");
          expect(others).toEqual([]);
          expect(event).toMatchObject({ table: "things", first: found });
          for (const text of says) expect(ended.text).toContain(text);
        });

      test("of values of many bytes shows the piece where they begin to differ", async () => {
        await plant([
          "UPDATE things SET film = INSERT(film, 200001, 1, CHAR(ASCII(SUBSTRING(film, 200001, 1)) ^ 1)), story = CONCAT(story, ' ') WHERE number = 100",
          "UPDATE things SET story = NULL WHERE number = 50",
        ]);
        const ended = await checked(archive, database.url);
        expect(ended.ending).toBe("unequal");
        const [fifty, hundred] = sorted(await differencesOf(archive));
        const film = longBytes(100);
        const spoilt = Buffer.from(film);
        spoilt[200_000]! ^= 1;
        const text = longText(100);
        const size = (bytes: Buffer) => ({
          bytes: bytes.length,
          sha256: createHash("sha256").update(bytes).digest("hex"),
        });
        const from = 200_000 - 64;
        const bytes = (of: Buffer) => `0x${of.subarray(from, from + 256).toString("hex")}`;
        expect(hundred?.columns).toEqual([
          {
            name: "film",
            type: types.get("film"),
            expected: { ...size(film), from, piece: bytes(film) },
            found: { ...size(spoilt), from, piece: bytes(spoilt) },
          },
          {
            name: "story",
            type: types.get("story"),
            expected: {
              ...size(Buffer.from(text)),
              from: expect.any(Number) as number,
              piece: expect.stringMatching(/😀 $/) as string,
            },
            found: {
              ...size(Buffer.from(`${text} `)),
              from: expect.any(Number) as number,
              piece: expect.stringMatching(/😀 {2}$/) as string,
            },
          },
        ]);
        expect(fifty?.columns).toEqual([
          {
            name: "story",
            type: types.get("story"),
            expected: {
              ...size(Buffer.from(longText(50))),
              from: 0,
              piece: expect.stringMatching(/^50 äöü 😀 50/) as string,
            },
            found: null,
          },
        ]);
        expect(ended.text).toMatch(/expected 0x…[0-9a-f]{60}… \(300,000 bytes\)/);
        expect(ended.text).toMatch(/found …"[^"]*😀 {2}" \(160,001 bytes\)/);
      });
    });
  }
});

function lineOf({ key }: { readonly key: readonly unknown[] }): number {
  return Number(/\d+/.exec(String(key[0]))![0]) - 100 + 1;
}

function sorted(differences: readonly ReportedDifference[]): ReportedDifference[] {
  return [...differences].sort((a, b) => (`${a.kind} ${keyOf(a)}` < `${b.kind} ${keyOf(b)}` ? -1 : 1));
}
