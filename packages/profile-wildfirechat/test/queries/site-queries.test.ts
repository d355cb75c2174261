// @module-tag slow
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RowDataPacket } from "mysql2";
import { folder } from "@firebreak/testing/archives/folder";
import { mustEndWell, firebreak } from "@firebreak/testing/command-line/firebreak";
import { queryTested, type QueryTested } from "@firebreak/testing/recipes/query-tested";
import {
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { fillHybridSite } from "../../../../fixtures/src/index.ts";

const options = { seed: 5, messageCount: 4000, jvmZone: "Asia/Shanghai" } as const;
const QUERIES = ["message by id", "history page", "timeline from a sequence on", "unread messages", "search"];

const { isLacking, why } = lacking("mongodb", "mysql");

describe.skipIf(isLacking)(`the chat server's own queries, on a hybrid and on its MySQL${why}`, () => {
  const name = ownName("chat_queries");
  let source: Awaited<ReturnType<typeof mongodbDatabase>>;
  let target: SqlDatabase;
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  const ask = (profileOptions: readonly string[] = []): Promise<QueryTested> =>
    queryTested(archive, { mongodbUrl: source.url, mysqlUrl: target.url }, { profileOptions });

  beforeAll(async () => {
    source = await mongodbDatabase(name);
    target = await sqlDatabase("mysql", name);
    place = await folder();
    archive = join(place.path, "archive");
    await fillHybridSite(target.connection, source.db, options);
    const site = join(place.path, "site");
    await mkdir(site);
    await writeFile(join(site, "c3p0-config.xml"), "<p>jdbc:mysql://h/im?serverTimezone=GMT+8</p>");
    const urls = { mongodbUrl: source.url, mysqlUrl: target.url };
    const facts = join(place.path, "facts.json");
    const at = ["--archive", archive];
    await mustEndWell(["export", ...at], urls);
    await mustEndWell(["inspect", ...at, "--target-facts", facts], urls);
    const settings = ["--profile", "wildfirechat", "--site", site, "--target-facts", facts];
    const zone = ["--profile-option", "sessionTimezone=UTC"];
    expect((await firebreak(["transform", ...at, ...settings, ...zone], urls)).exitCode).toBe(3);
    expect((await firebreak(["load", ...at], urls)).exitCode).toBe(3);
  });
  afterAll(async () => {
    await source[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  test("give equal answers, although documents are odd, in quarantine or moved", async () => {
    const { results, differing } = await ask();
    expect(differing).toEqual([]);
    expect([...results.keys()]).toEqual(QUERIES);
    for (const { rowCount, caseCount } of results.values()) expect(rowCount).toBeGreaterThan(caseCount / 2);
  });

  test("differ in every time if the rows were made with a zone that is an hour off", async () => {
    const { differing, results } = await ask(["serverTimezone=GMT+9"]);
    expect(differing).toEqual(["message by id", "history page", "search"]);
    expect(results.get("message by id")).toMatchObject({ differingCount: 20 });
    expect(results.get("message by id")?.differences[0]).toMatchObject({
      parameters: { _mid: expect.stringMatching(/^\d+$/) },
      first: { what: "changed", column: "_dt" },
    });
  });

  test("differ if _to is NULL, which hides messages from the history alone", async () => {
    const tables = await messageTables();
    for (const table of tables)
      await target.connection.query(`UPDATE ${table} SET _to = NULL WHERE _to = ''`);
    const { differing, results } = await ask();
    for (const table of tables)
      await target.connection.query(`UPDATE ${table} SET _to = '' WHERE _to IS NULL`);
    expect(differing).toEqual(["history page", "search"]);
    expect(results.get("history page")?.differences[0]).toMatchObject({
      parameters: { _target: expect.any(String), "_mid below": expect.stringMatching(/^\d+$/) },
      first: { what: "missing" },
    });
  });

  test("differ if half of the users' tables lost their rows, and if a month's table is missing", async () => {
    const users = await fullest("t_user_messages_");
    for (const table of users.slice(0, 64)) await target.connection.query(`DELETE FROM ${table}`);
    const { differing } = await ask();
    expect(differing).toEqual(["timeline from a sequence on", "unread messages"]);
    const [month = ""] = await fullest("t_messages_");
    await target.connection.query(`DROP TABLE ${month}`);
    const { results } = await ask();
    expect(results.get("history page")?.differences.map(({ first }) => first)).toContainEqual({
      what: "refused",
      by: "target",
      reason: expect.stringContaining(`${month}' doesn't exist`),
    });
  });

  async function messageTables(): Promise<string[]> {
    return (await target.tables()).filter((table) => table.startsWith("t_messages_"));
  }

  /** The tables with the most rows, that with the most first. */
  async function fullest(prefix: string): Promise<string[]> {
    const counts: (readonly [string, number])[] = [];
    for (const table of (await target.tables()).filter((one) => one.startsWith(prefix))) {
      const [[row]] = await target.connection.query<RowDataPacket[]>(`SELECT COUNT(*) AS n FROM ${table}`);
      counts.push([table, Number(row?.["n"])]);
    }
    return counts.sort(([, a], [, b]) => b - a).map(([table]) => table);
  }
});
