import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DOCUMENTS } from "../../fixtures/src/earlier-version/document-chain.ts";
import { damageRows, REFUSED } from "../../fixtures/src/earlier-version/planted-faults.ts";
import { putTables, tablesAsText } from "../../fixtures/src/earlier-version/tables-as-text.ts";
import { lacking, sqlDatabase, SQL_SERVERS, type SqlDatabase } from "@firebreak/testing/servers/databases";
import { firebreak, type Ended } from "@firebreak/testing/command-line/firebreak";
import { contentOfFolder } from "./content-of-folder.ts";
import { targetText } from "./target-text.ts";
import { unpacked, type Unpacked } from "./unpacked.ts";

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`documents that version 0.4.0 loaded into ${server}${why}`, () => {
    let place: Unpacked;
    beforeEach(async () => {
      place = await unpacked("documents");
    });
    afterEach(() => place[Symbol.asyncDispose]());

    const frozen = (state: string): Promise<string> =>
      readFile(place.at(`in-${server}`, `${state}.sql`), "utf8");
    const stateOf = async ({ connection }: SqlDatabase): Promise<string> =>
      targetText(await tablesAsText(connection));

    /** A database as that version left it. */
    async function targetAt(state: string): Promise<SqlDatabase> {
      const database = await sqlDatabase(server, DOCUMENTS);
      await putTables(database.connection, await frozen(state));
      return database;
    }

    function run(
      verb: string,
      link: string,
      { url }: SqlDatabase,
      work: string,
      ...more: readonly string[]
    ): Promise<Ended> {
      const args = [
        verb,
        "--archive",
        place.at("chain", link),
        "--work",
        place.at(`in-${server}`, work),
        ...more,
      ];
      return firebreak(args, { mysqlUrl: url });
    }

    /** Runs a command that leaves some in quarantine. */
    async function runs(...args: Parameters<typeof run>): Promise<Ended> {
      const ended = await run(...args);
      expect(ended.exitCode, ended.output).toBe(3);
      return ended;
    }

    test("are known, are equal, and the next delta goes in", async () => {
      await using database = await targetAt("delta-1");
      const before = await stateOf(database);
      expect((await runs("load", "full", database, "delta-1.work")).output).toContain(
        "Delta 1 of this archive's chain is in",
      );
      await runs("load", "delta-1", database, "delta-1.work");
      expect(await stateOf(database)).toBe(before);
      expect(before).toBe(targetText(await frozen("delta-1")));
      await runs("checksum", "delta-1", database, "delta-1.work");
      await runs("load", "delta-2", database, "delta-1.work", "--yes");
      expect(await stateOf(database)).toBe(targetText(await frozen("delta-2")));
      await runs("checksum", "delta-2", database, "delta-1.work");
      expect((await run("status", "delta-2", database, "delta-1.work")).exitCode).toBe(0);
    });

    test("become whole when that version's quarantine is replayed", async () => {
      await using database = await targetAt("delta-2");
      await database.connection.query(REFUSED.remove);
      await runs("load", "delta-2", database, "delta-2.work", "--replay-quarantine");
      expect(await database.value("SELECT SUM(number IN (7, 41)) FROM orders")).toBe("2");
      expect(await database.value("SELECT SUM(quarantined_count) FROM firebreak_ledger")).toBe("0");
      await runs("checksum", "delta-2", database, "delta-2.work");
    });

    test("are put right by that version's repair, which is made as then", async () => {
      await using database = await targetAt("delta-2");
      await damageRows(database.connection);
      const repair = ["--repair", place.at("repair")];
      const checked = await run("checksum", "delta-2", database, "delta-2.work", ...repair);
      expect(checked.exitCode, checked.output).toBe(4);
      expect(await contentOfFolder(place.at("repair"))).toEqual(
        await contentOfFolder(place.at(`in-${server}`, "repair")),
      );
      const applied = await firebreak(["load", "--archive", place.at(`in-${server}`, "repair")], {
        mysqlUrl: database.url,
      });
      expect(applied.exitCode, applied.output).toBe(0);
      const repaired = await stateOf(database);
      expect(repaired.match(/'repair\/[0-9a-f]{16}', -?\d, 0/g)).toHaveLength(3);
      expect(repaired.replaceAll(/^\('\w+', 'repair\/.*\n/gm, "")).toBe(targetText(await frozen("delta-2")));
    });

    test("are loaded on where that version was killed in a delta", async () => {
      await using database = await targetAt("delta-2-half");
      await runs("load", "delta-2", database, "delta-2-half.work", "--yes");
      expect(await stateOf(database)).toBe(targetText(await frozen("delta-2")));
    });

    test("are loaded from the beginning as that version did", async () => {
      await using database = await sqlDatabase(server, DOCUMENTS);
      const schema = await readFile(place.at("chain", "full", "mysql", "schema.sql"), "utf8");
      await putTables(database.connection, schema);
      await database.connection.query(REFUSED.add);
      await runs("load", "full", database, "own.work");
      await runs("load", "delta-1", database, "own.work");
      expect(await stateOf(database)).toBe(targetText(await frozen("delta-1")));
      await runs("load", "delta-2", database, "own.work", "--yes");
      expect(await stateOf(database)).toBe(targetText(await frozen("delta-2")));
      await runs("checksum", "delta-2", database, "own.work");
    });
  });
}
