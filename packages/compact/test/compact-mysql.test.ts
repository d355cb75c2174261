import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentOf, namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { well } from "@firebreak/testing/recipes/outcome";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, ownName, SQL_SERVERS, sqlDatabase } from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { compacted } from "@firebreak/testing/recipes/compacted";
import { linesOf } from "@firebreak/testing/archives/read-lines";
import { makeDelta } from "@firebreak/testing/deltas/make-delta";

const PART_MIB = "0.03";
const ROW_COUNT = 500;
const utf8 = "CHARACTER SET utf8mb4";
const spread = (i: number): number => (i * 7919) % 100_000;

/** Keys whose order is known: name, columns before `v`, key, and the key of row `i`, as SQL. */
const ordered: readonly (readonly [string, string, string, (i: number) => string])[] = [
  ["dense", "k INT", "k", (i) => `${i}`],
  ["wide_numbers", "k BIGINT UNSIGNED", "k", (i) => `${2n ** 64n - 1n - BigInt(spread(i))}`],
  ["downwards", "k INT", "k DESC", (i) => `${i}`],
  ["mixed", "a INT, k DECIMAL(40,3)", "a DESC, k", (i) => `${i % 7}, ${spread(i) - 50_000}.5`],
  ["bytes", "k VARBINARY(40)", "k", (i) => `X'${Buffer.from([i % 256, 0, i >> 8, i % 3]).toString("hex")}'`],
  ["fixed", "k BINARY(8)", "k", (i) => `UNHEX(LEFT(SHA2('${i}', 256), 16))`],
  ["days", "k DATE, n INT", "k, n", (i) => `DATE_ADD('1990-01-01', INTERVAL ${i % 50} DAY), ${i}`],
  ["moments", "k DATETIME(6)", "k", (i) => `DATE_ADD('2000-01-01', INTERVAL ${spread(i)} MICROSECOND)`],
  ["times", "k TIME(3)", "k", (i) => `SEC_TO_TIME(${i - 300} * 7)`],
  [
    "strict",
    `k VARCHAR(40) ${utf8} COLLATE utf8mb4_bin`,
    "k",
    (i) => `'${["a", "Z", "é", "中", "a b"][i % 5]}${spread(i)}'`,
  ],
  [
    "idents",
    `k CHAR(36) ${utf8} COLLATE utf8mb4_general_ci`,
    "k",
    (i) => `LEFT(SHA2('${i}', 256), ${(i % 20) + 9})`,
  ],
  ["latin", "k VARCHAR(40) CHARACTER SET latin1", "k", (i) => `'Key-${spread(i)}'`],
  ["doubles", "k DOUBLE", "k", (i) => `${spread(i) - 50_000} / 7`],
  // No range can be bounded by what follows an ENUM, and many rows are of one bound.
  [
    "half_bound",
    "a INT, b ENUM('y','x'), k INT",
    "a, b, k",
    (i) => `${i % 3}, '${i % 2 === 0 ? "x" : "y"}', ${i}`,
  ],
  ["no_bound", "a DOUBLE, k INT", "a, k", (i) => `${i % 3}, ${i}`],
  ["one_first", "a INT, b DOUBLE", "a, b", (i) => `${i < 300 ? 1 : i}, ${i}`],
];
/** Keys whose order is the server's own. */
const unknown: typeof ordered = [
  ["words", `k VARCHAR(40) ${utf8}`, "k", (i) => `'${["a''", "é", "Z", "中"][i % 4]}${spread(i)}'`],
  ["kinds", "k INT, b SET('z','a')", "b, k", (i) => `${i}, '${i % 2 === 0 ? "z" : "a"}'`],
];

const missing = SQL_SERVERS.map((server) => ({ server, ...lacking(server) }));
for (const { server, isLacking, why } of missing)
  describe.skipIf(isLacking)(`compact of tables of ${server}${why}`, () => {
    let place: Awaited<ReturnType<typeof folder>>;
    beforeAll(async () => {
      place = await folder();
    });
    afterAll(() => place[Symbol.asyncDispose]());

    test("a chain becomes the archive that a fresh export is, but for the place of new keys whose order is the server's", async () => {
      const at = (name: string): string => join(place.path, name);
      await using source = await sqlDatabase(server, ownName(`compact_${server}`));
      const { connection } = source;
      const insert = async (tables: typeof ordered, from: number, to: number): Promise<void> => {
        for (const [name, , , row] of tables) {
          const rows = Array.from({ length: to - from }, (_, n) => {
            const i = from + n;
            return `(${row(i)}, ${i % 9 === 0 ? "NULL" : `REPEAT('ä', ${(i * 37) % 90})`}, X'${"ab".repeat(i % 40)}')`;
          });
          await connection.query(`INSERT INTO ${name} VALUES ${rows.join(", ")}`);
        }
      };
      const change = async (sql: (name: string) => string): Promise<void> => {
        for (const [name] of [...ordered, ...unknown]) await connection.query(sql(name));
      };
      const take = (archive: string) =>
        well(exported(at(archive), source.url, { partMib: Number(PART_MIB) }));
      for (const [name, columns, key] of [...ordered, ...unknown])
        await connection.query(
          `CREATE TABLE ${name} (${columns}, v VARCHAR(100) CHARACTER SET latin1, w VARBINARY(60), PRIMARY KEY (${key}))`,
        );
      await connection.query("CREATE TABLE keyless (a INT, v TEXT)");
      await connection.query("INSERT INTO keyless VALUES (2, 'x'), (1, 'y'), (2, 'x')");
      await connection.query("CREATE VIEW seen AS SELECT v FROM keyless");
      await insert([...ordered, ...unknown], 0, ROW_COUNT);
      await take("full");

      await change(
        (name) => `UPDATE ${name} SET v = 'changed' WHERE w > X'ABABABABABABABABABABAB' AND v IS NULL`,
      );
      await change((name) => `DELETE FROM ${name} WHERE LENGTH(v) = 37 OR LENGTH(w) = 11`);
      await insert(ordered, ROW_COUNT, ROW_COUNT + 100);
      await connection.query("INSERT INTO keyless VALUES (0, 'z')");
      await take("second");
      await makeDelta(at("full"), at("full"), at("second"), at("delta-1"));

      const ended = await well(compacted(at("delta-1"), at("compacted")));
      expect(await contentOf(at("compacted"))).toEqual(await contentOf(at("second")));
      expect(ended.text).not.toMatch(/only its server knows/);
      const parts = (await namespacesOf(at("second"))).map((n) => n.parts.length);
      expect(parts.filter((count) => count > 2).length).toBeGreaterThan(10);

      await insert(unknown, ROW_COUNT, ROW_COUNT + 10);
      await take("third");
      await makeDelta(at("delta-1"), at("second"), at("third"), at("delta-2"));
      const behind = await well(compacted(at("delta-2"), at("behind")));
      for (const [name] of unknown) {
        const namespace = `${source.name}.${name}`;
        expect(behind.text).toMatch(new RegExp(`${namespace}: only its server knows[^]*10 new lines`));
        expect((await linesOf(at("behind"), namespace)).sort()).toEqual(
          (await linesOf(at("third"), namespace)).sort(),
        );
      }
    });
  });
