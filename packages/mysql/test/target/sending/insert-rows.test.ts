import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { csvRow, quoteIdentifier } from "@firebreak/mysql-format";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { until } from "@firebreak/testing/servers/until";
import {
  insertRows,
  loadData,
  MysqlSession,
  mysqlTarget,
  rangeDigest,
  type SendRows,
  type SentCounts,
} from "../../../src/index.ts";
import { anyRows, blocksOf, csvOf, digestOf, HOSTILE_STRINGS, SHAPE, type Row } from "../../any-rows.ts";

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`rows sent by INSERT to ${server}${why}`, () => {
    let database: SqlDatabase;
    let session: MysqlSession;
    beforeAll(async () => {
      database = await sqlDatabase(server, ownName("insert"));
      session = await MysqlSession.open(mysqlTarget(database.url));
    });
    afterAll(async () => {
      await session.close();
      await database[Symbol.asyncDispose]();
    });

    async function createTable(name: string): Promise<void> {
      const columns = SHAPE.columns.map(
        (c) =>
          `${quoteIdentifier(c.name)} ${c.sqlType}${c.sqlType === "char(24)" ? " CHARACTER SET ascii COLLATE ascii_bin" : ""}`,
      );
      await session.run(`DROP TABLE IF EXISTS ${name}`);
      await session.run(
        `CREATE TABLE ${name} (${columns.join(", ")}, PRIMARY KEY (id)) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4`,
      );
    }

    function send(name: string, rows: readonly Row[], by: SendRows = insertRows): Promise<SentCounts> {
      return by(session, { target: name, columns: SHAPE.columns, file: "a.csv" }, blocksOf(csvOf(rows)));
    }

    const rowOf = (id: number, cells: Readonly<Record<string, string | null>> = {}): Row =>
      SHAPE.columns.map((c) => (c.name === "id" ? String(id) : (cells[c.name] ?? null)));

    const digestIn = async (name: string) => {
      const digest = await rangeDigest(session, database.name, { ...SHAPE, table: name } as never, {
        after: undefined,
        upTo: undefined,
      });
      return { rowCount: digest.rowCount, laneA: digest.laneA, laneB: digest.laneB };
    };

    test.each([insertRows, loadData])(
      "by %o: where ENUMs may have the error value, any other warning is still one",
      async (by) => {
        await session.run("DROP TABLE IF EXISTS zeros");
        await session.run(
          "CREATE TABLE zeros (id INT PRIMARY KEY, e ENUM('', 'x'), s SET('', 'x'), v VARCHAR(2))",
        );
        const columns = [
          { name: "id", sqlType: "int", form: "text" },
          { name: "e", sqlType: "enum('','x')", form: "member" },
          { name: "s", sqlType: "set('','x')", form: "member" },
          { name: "v", sqlType: "varchar(2)", form: "text" },
        ] as const;
        const sent = async (hasEnumZeros: boolean, ...rows: readonly (string | null)[][]) => {
          await session.allow({ oddDates: false, enumZeros: true, brokenForeignKeys: false });
          try {
            return await by(
              session,
              { target: "zeros", columns, file: "zeros.csv", hasEnumZeros },
              blocksOf(Buffer.from(rows.map((row) => csvRow(row)).join(""))),
            );
          } finally {
            await session.allow({ oddDates: false, enumZeros: false, brokenForeignKeys: false });
          }
        };
        expect(await sent(true, ["1", "0", "3", "ab"], ["2", "1", "0", null])).toMatchObject({
          records: 2,
          warnings: 0,
        });
        expect(await database.value("SELECT GROUP_CONCAT(e + 0, s + 0 ORDER BY id) FROM zeros")).toBe(
          "03,10",
        );
        expect(await sent(false, ["3", "0", "0", null])).toMatchObject({
          warnings: 1,
          firstWarning: { errno: 1265 },
        });
        for (const [i, row] of [
          ["0", "0", "abc"],
          ["0", "7", "ab"],
        ].entries()) {
          const { warnings, firstWarning } = await sent(true, [String(10 + i), ...row]);
          expect(warnings).toBe(1);
          expect(firstWarning?.message).toContain(`column '${i === 0 ? "v" : "s"}'`);
        }
      },
    );

    test("have every hostile string unchanged, whatever sql_mode says of backslashes and quotes", async () => {
      const rows = HOSTILE_STRINGS.map((text, i) =>
        rowOf(i, {
          short: [...text].length <= 100 ? text : null,
          "lo`ng": text,
          "bl'ob": Buffer.from(text).toString("base64"),
        }),
      );
      await createTable("hostile");
      for (const mode of ["", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES", "NO_BACKSLASH_ESCAPES,ANSI_QUOTES"]) {
        await session.run("DELETE FROM hostile");
        const before = await database.value("SELECT @@SESSION.sql_mode");
        await session.run(`SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,${mode}'`);
        try {
          expect(await send("hostile", rows)).toMatchObject({ records: rows.length, warnings: 0 });
        } finally {
          await session.run("SET SESSION sql_mode = ?", [before]);
        }
        const stored = await session.rows<{ hex: string }>(
          "SELECT HEX(`lo``ng`) AS hex FROM hostile ORDER BY id",
        );
        expect(stored.map((r) => Buffer.from(r.hex, "hex").toString("utf8"))).toEqual(HOSTILE_STRINGS);
        expect(await digestIn("hostile")).toEqual(digestOf(rows, SHAPE));
      }
    });

    test("have every byte of a binary column", async () => {
      const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
      const values = [Buffer.alloc(0), Buffer.from([0]), Buffer.from("'\\"), all, all.toReversed()].map((b) =>
        Buffer.from(b).toString("base64"),
      );
      const rows = values.map((base64, i) => rowOf(i, { bytes: base64, "bl'ob": base64 }));
      await createTable("bytes");
      await send("bytes", rows);
      expect(await digestIn("bytes")).toEqual(digestOf(rows, SHAPE));
    });

    test("have doubles to the last bit", async () => {
      const doubles = [
        0.1,
        1 / 3,
        5e-324,
        2.2250738585072014e-308,
        1.7976931348623157e308,
        -1.7976931348623157e308,
        9007199254740992,
        1e21,
        123456789012345680000,
        ...fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), 2000).map((n) => (n === 0 ? 0 : n)),
      ];
      const rows = doubles.map((n, i) => rowOf(i, { ratio: String(n) }));
      await createTable("doubles");
      await send("doubles", rows);
      expect(await digestIn("doubles")).toEqual(digestOf(rows, SHAPE));
    });

    test("are those that LOAD DATA brings, and those that the archive expects, whatever they are", async () => {
      await createTable("inserted");
      await createTable("loaded");
      await fc.assert(
        fc.asyncProperty(anyRows, async (rows) => {
          await session.run("DELETE FROM inserted");
          await session.run("DELETE FROM loaded");
          const counts = { records: rows.length, deleted: 0, skipped: 0, warnings: 0 };
          expect(await send("inserted", rows)).toEqual(counts);
          expect(await send("loaded", rows, loadData)).toEqual(counts);
          const expected = digestOf(rows, SHAPE);
          expect(await digestIn("loaded")).toEqual(expected);
          expect(await digestIn("inserted")).toEqual(expected);
        }),
        { numRuns: 40 },
      );
    });

    test("come in one byte at a time as well", async () => {
      const rows = [rowOf(1, { short: "é😀'\\" }), rowOf(2, { short: "中" })];
      await createTable("slow");
      await insertRows(
        session,
        { target: "slow", columns: SHAPE.columns, file: "a.csv" },
        blocksOf(csvOf(rows), 1),
      );
      expect(await digestIn("slow")).toEqual(digestOf(rows, SHAPE));
    });

    test("that are none need no statement", async () => {
      await createTable("none");
      expect(await send("none", [])).toEqual({ records: 0, deleted: 0, skipped: 0, warnings: 0 });
    });

    describe("are refused, with the row as it is counted in the file,", () => {
      beforeAll(() => createTable("refused"));

      async function refusal(csv: Buffer): Promise<unknown> {
        await session.run("START TRANSACTION");
        try {
          await insertRows(
            session,
            { target: "refused", columns: SHAPE.columns, file: "a.csv" },
            blocksOf(csv),
          );
          return undefined;
        } catch (error) {
          return error;
        } finally {
          await session.run("ROLLBACK");
          expect(await database.value("SELECT COUNT(*) FROM refused")).toBe("0");
        }
      }

      // More than two statements hold, so that the bad row is not in the first one.
      const many = Array.from({ length: 3000 }, (_, i) => rowOf(i, { "lo`ng": "x".repeat(1000) }));
      const bad: readonly (readonly [string, Row, number])[] = [
        ["for a number out of range", rowOf(3000, { big: "9223372036854775808" }), 1264],
        ["for a text that is too long", rowOf(3000, { short: "x".repeat(101) }), 1406],
        ["for a date that is none", rowOf(3000, { at: "2023-02-30 00:00:00.000" }), 1292],
        ["for a text among numbers", rowOf(3000, { flag: "\\x" }), 1366],
        ["for letters that the column's character set has not", rowOf(3000, { "object id": "é" }), 1366],
      ];
      test.each(bad)("%s", async (_, row, errno) => {
        const error = await refusal(csvOf([...many, row, rowOf(4000)]));
        expect(error).toMatchObject({
          code: "mysql-data",
          fields: { errno, reason: expect.stringMatching(/ at row 3001$/) as string },
        });
      });

      test.each(["short", "big", "object id", "at", "ratio"])(
        "for bytes that are no UTF-8, in the column %s: never with other letters in their place",
        async (column) => {
          const at = SHAPE.columns.findIndex((c) => c.name === column);
          const line = (cells: Row): Buffer => Buffer.from(csvRow(cells), "latin1");
          for (const bytes of ["\xff", "1\xc3", "\xed\xa0\x80", "\xc0\x80", "\xf5\x80\x80\x80"]) {
            const row = rowOf(2);
            row[at] = bytes;
            const error = await refusal(Buffer.concat([line(rowOf(1)), line(row)]));
            expect(error).toMatchObject({
              code: "mysql-data",
              fields: {
                errno: 1366,
                reason: expect.stringContaining(`for column '${column}' at row 2`) as string,
              },
            });
          }
        },
      );

      test("for a key that another row has: by an error of its own, nothing is replaced", async () => {
        const error = await refusal(csvOf([rowOf(1), rowOf(2), rowOf(1)]));
        expect(error).toMatchObject({ code: "mysql-data", fields: { errno: 1062 } });
      });

      test("for NULL where a value must be", async () => {
        const nothing = rowOf(1);
        nothing[0] = null;
        expect(await refusal(csvOf([rowOf(5), nothing, rowOf(6)]))).toMatchObject({
          code: "mysql-data",
          fields: { errno: 1048 },
        });
      });

      test.each([
        ["too few values", rowOf(1).slice(1)],
        ["too many values", [...rowOf(1), "x"]],
      ])("for %s", async (_, row) => {
        expect(await refusal(csvOf([rowOf(8), row]))).toMatchObject({
          code: "mysql-data",
          fields: { errno: 1136, reason: expect.stringMatching(/at row 2$/) as string },
        });
      });

      test.each(["!!!!", "QUI", "QUI=x", "QR==", "QUI=\n"])(
        "for base64 that stands for no bytes (%j), of which the server would make NULL",
        async (base64) => {
          expect(await refusal(csvOf([rowOf(1), rowOf(2, { bytes: base64 })]))).toMatchObject({
            code: "mysql-data",
            fields: {
              reason: expect.stringMatching(
                /Incorrect base64 value: .* for column 'bytes' at row 2$/,
              ) as string,
            },
          });
        },
      );

      test("for a row that is larger than a packet may be", async () => {
        const packet = Number(await database.value("SELECT @@GLOBAL.max_allowed_packet"));
        const row = rowOf(2, { "bl'ob": Buffer.alloc(packet / 2).toString("base64") });
        expect(await refusal(csvOf([rowOf(1), row]))).toMatchObject({
          code: "mysql-data",
          fields: {
            errno: 1153,
            reason: expect.stringMatching(/max_allowed_packet \(\d+\) at row 2$/) as string,
          },
        });
      });
    });

    test("may be as large as the server's max_allowed_packet", async () => {
      await createTable("large");
      const packet = Number(await database.value("SELECT @@GLOBAL.max_allowed_packet"));
      const row = (length: number): Row => rowOf(1, { "lo`ng": "x".repeat(length) });
      const tooLong = await send("large", [row(packet)]).then(() => "", String);
      const surplus = Number(/An INSERT of (\d+) bytes/.exec(tooLong)![1]) - (packet - 16);
      expect(await send("large", [row(packet - surplus)])).toMatchObject({ records: 1, warnings: 0 });
      await expect(send("large", [row(packet - surplus + 1)])).rejects.toMatchObject({ code: "mysql-data" });
    });

    test("end with the statement that had a warning, which SHOW WARNINGS tells", async () => {
      await createTable("warned");
      // The surplus is white space: the server cuts it, also in strict mode, with a note.
      const rows = Array.from({ length: 3000 }, (_, i) =>
        rowOf(i, { "lo`ng": "x".repeat(1000), short: i === 1500 ? `${"x".repeat(100)} ` : null }),
      );
      await session.run("START TRANSACTION");
      const counts = await send("warned", rows);
      const warnings = await session.rows<{ Message: string }>("SHOW WARNINGS");
      await session.run("ROLLBACK");
      expect(counts).toMatchObject({ warnings: 1, deleted: 0, skipped: 0 });
      expect(counts.records).toBeLessThan(3000);
      expect(warnings).toMatchObject([{ Message: expect.stringContaining("short") as string }]);
    });

    test("whose bytes fail half-way are not gone on with, and the failure is told", async () => {
      await createTable("half");
      async function* failing(): AsyncGenerator<Buffer> {
        yield* blocksOf(
          csvOf(Array.from({ length: 3000 }, (_, i) => rowOf(i, { "lo`ng": "x".repeat(1000) }))),
        );
        throw new Error("the stick was pulled out");
      }
      await session.run("START TRANSACTION");
      const sending = insertRows(
        session,
        { target: "half", columns: SHAPE.columns, file: "a.csv" },
        failing(),
      );
      await expect(sending).rejects.toThrow("the stick was pulled out");
      await session.run("ROLLBACK");
      expect(await database.value("SELECT COUNT(*) FROM half")).toBe("0");
    });

    test.each([insertRows, loadData])(
      "by %o: their reading ends too where the connection breaks",
      async (by) => {
        await createTable("broken");
        const own = await MysqlSession.open(mysqlTarget(database.url));
        let isEnded = false;
        async function* reading(): AsyncGenerator<Buffer> {
          try {
            const rows = csvOf(
              Array.from({ length: 3000 }, (_, i) => rowOf(i, { "lo`ng": "x".repeat(1000) })),
            );
            for await (const block of blocksOf(rows)) {
              yield block;
              own.connection.destroy();
            }
          } finally {
            isEnded = true;
          }
        }
        const sending = by(own, { target: "broken", columns: SHAPE.columns, file: "a.csv" }, reading());
        await expect(sending).rejects.toMatchObject({ code: "mysql-lost" });
        await until("the end of the reading", async () => isEnded);
        await own.close();
      },
    );
  });
}
