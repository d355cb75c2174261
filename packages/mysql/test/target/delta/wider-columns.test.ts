import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readMysqlManifest, type MysqlTable } from "../../../../archive/src/index.ts";
import { writeArchive } from "@firebreak/testing/archives/write-archive";
import { well, type Outcome } from "@firebreak/testing/recipes/outcome";
import { folder } from "@firebreak/testing/archives/folder";
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
import { writeDelta } from "@firebreak/testing/deltas/write-delta";
import { HandMadeChain } from "@firebreak/testing/deltas/hand-made-chain";

const key = (id: number): string => `{"_id":{"$numberInt":"${id}"}}`;
const text = (n: number): string => "x".repeat(n);
const decimal = (value: string): string => `{"$numberDecimal":"${value}"}`;
const line = (id: number, name: string, price: string, n: string): string =>
  `{"_id":{"$numberInt":"${id}"},"name":"${name}","price":${decimal(price)},"n":${n}}`;
const int = (n: number): string => `{"$numberInt":"${n}"}`;
const PRICE = "12345678901.25";

const WIDEN_NAME = "`name` VARCHAR(128) NULL COMMENT 'firebreak: string'";
const WIDEN_OTHERS =
  "ALTER TABLE `c` MODIFY COLUMN `price` DECIMAL(29,2) NULL COMMENT 'firebreak: decimal', MODIFY COLUMN `n` BIGINT NULL COMMENT 'firebreak: wideInt32'";

/** The rows that are to be there after the second delta: name, price, n and _extra. */
const ROWS: Readonly<Record<number, readonly (string | null)[]>> = {
  1: ["one", "1.25", "1", null],
  2: [text(40), "2.00", "2", null],
  4: ["four", PRICE, "4", null],
  5: ["five", "5.00", "7", null],
  6: [null, "6.00", "6", `{"name":"${text(129)}"}`],
  7: [text(45), PRICE, "7000000000", null],
};

describe("a delta whose values need wider columns", () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let full: string;
  let old: string;
  let delta: string;
  let last: string;
  let table: MysqlTable;
  let made: Outcome;
  beforeAll(async () => {
    place = await folder();
    full = join(place.path, "chain");
    await mkdir(full);
    const lines = [1, 2, 3].map((id) => line(id, "one", "1.25", int(id)));
    await writeArchive(full, [{ collection: "c", parts: [lines] }]);
    await well(transformed(full));
    // As versions wrote deltas that widened no columns.
    old = await (
      await HandMadeChain.of(full)
    ).delta({
      c: {
        upserts: [
          ["2", null, "2.00", "2", `{"name":"${text(40)}"}`],
          ["3", null, "3.00", "3", `{"name":"${text(40)}"}`],
          ["4", "four", null, "4", `{"price":${decimal(PRICE)}}`],
          ["5", "five", "5.00", null, '{"n":{"$numberLong":"7"}}'],
          ["6", null, "6.00", "6", `{"name":"${text(129)}"}`],
        ],
      },
    });
    delta = join(place.path, "delta");
    await writeDelta(delta, old, [
      {
        collection: "c",
        change: "changed",
        upserts: [line(7, text(45), PRICE, '{"$numberLong":"7000000000"}')],
        deletes: [key(3)],
      },
    ]);
    made = await transformed(delta, { previous: old });
    table = (await readMysqlManifest(join(delta, "mysql"))).manifest.tables[0]!;
    last = join(place.path, "last");
    await writeDelta(last, delta, [
      {
        collection: "c",
        change: "changed",
        upserts: [line(1, text(128), "1", '{"$numberLong":"-8000000000"}')],
      },
    ]);
    await well(transformed(last, { previous: delta }));
  }, 120_000);
  afterAll(() => place[Symbol.asyncDispose]());

  test("is planned with them, and with the earlier rows that fit them", async () => {
    expect(made.ending, made.text).toBe("well");
    expect(made.text).toContain("name VARCHAR(128) (was VARCHAR(16))");
    expect(made.text).toContain("3 earlier rows are written again");
    expect(table.alter).toEqual([
      `ALTER TABLE \`c\` MODIFY COLUMN ${WIDEN_NAME}`,
      ...WIDEN_OTHERS.split(/, (?=MODIFY)/).map((s) => s.replace(/^MODIFY/, "ALTER TABLE `c` MODIFY")),
    ]);
    expect(table.digest.rowCount).toBe(6);
    const next = (await readMysqlManifest(join(last, "mysql"))).manifest.tables[0]!;
    expect(next.alter).toBeUndefined();
    expect(next.columns).toEqual(table.columns);
  });

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`on ${server}${why}`, () => {
      let database: SqlDatabase;
      const load = (archive: string, mayAlter = false): Promise<Outcome> =>
        loaded(archive, database.url, { mayAlter });
      const typeOf = (column: string): Promise<unknown> =>
        database.value(
          `SELECT column_type FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'c' AND column_name = '${column}'`,
        );
      beforeAll(async () => {
        database = await sqlDatabase(server, ownName("wider"));
        for (const archive of [full, old]) await well(loaded(archive, database.url));
      }, 120_000);
      afterAll(() => database[Symbol.asyncDispose]());

      test("shows the statement and changes nothing without --yes", async () => {
        const { ending, text } = await load(delta);
        expect(ending, text).toBe("delta-alter");
        expect(text).toContain(`  ALTER TABLE \`c\` MODIFY COLUMN ${WIDEN_NAME}, MODIFY COLUMN \`price\``);
        expect(text).toContain("Say --yes");
        expect(await typeOf("name")).toBe("varchar(16)");
      });

      test("has all values in their columns afterwards, also where it was cut off before its rows", async () => {
        if (server === "mysql") {
          // Somebody made one of them wider still: it stays so.
          await database.connection.query("ALTER TABLE c MODIFY name VARCHAR(300)");
          const ended = await load(delta, true);
          expect(ended.ending, ended.text).toBe("well");
          expect(ended.text).toContain(`Altering: ${WIDEN_OTHERS}`);
          expect(await typeOf("name")).toBe("varchar(300)");
        } else {
          // As a run leaves it that was killed behind the statements: nothing is to be agreed to any more.
          for (const statement of table.alter!) await database.connection.query(statement);
          const ended = await load(delta);
          expect(ended.ending, ended.text).toBe("well");
          expect(ended.text).not.toContain("ALTER");
        }
        await well(checked(delta, database.url));
        for (const [id, cells] of Object.entries(ROWS)) {
          const [[found]] = await database.connection.query<RowDataPacket[]>(
            `SELECT name, CAST(price AS CHAR) AS price, CAST(n AS CHAR) AS n, _extra FROM c WHERE _id = ${id}`,
          );
          expect(Object.values(found!), `row ${id}`).toEqual(cells);
        }
        expect(await database.value("SELECT COUNT(*) FROM c")).toBe("6");
      });

      test("is followed by deltas whose values have room", async () => {
        const ended = await load(last);
        expect(ended.ending, ended.text).toBe("well");
        expect(
          await database.value("SELECT CONCAT_WS(' ', LENGTH(name), n, _extra) FROM c WHERE _id = 1"),
        ).toBe("128 -8000000000");
        await well(checked(last, database.url));
      });
    });
  }
});
