import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { createConnection, type Connection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  chatSite,
  fillMysqlSite,
  fillServer,
  siteZoneHours,
  type SiteTableRow,
} from "../../fixtures/src/index.ts";
import { QUERY_SAMPLES, sameResults } from "./chat-queries.ts";
import type { LeftOut } from "./chat-store.ts";
import { mongodbStore } from "./mongodb-store.ts";
import { mysqlStore } from "./mysql-store.ts";
import { documentsOf, rowsOf, textOfDocument, type TextRow } from "./site-contents.ts";
import { ending, firebreak } from "../command-line.ts";
import { dropDatabase, emptyDatabase } from "@firebreak/testing/servers/empty-database";
import { lacking, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { JOURNEY_MESSAGES, profileFacts, remarkCount, writeSite } from "./journey.ts";

const options = { seed: 8, messageCount: JOURNEY_MESSAGES, jvmZone: "Asia/Shanghai" } as const;
const zoneHours = siteZoneHours[options.jvmZone];
const site = chatSite(options);
/** What a site of size S takes on a machine that others use too. */
const LONG_MS = 900_000;

const database = ownName("wildfirechat");
const returned = `${database}_back`;
const { isLacking, why } = lacking("mongodb", "mysql");

function* mysqlRows(): Generator<SiteTableRow> {
  yield* site.mysqlMessages();
  yield* site.mysqlUserMessages();
}

/** Rows that are not where the server looks, that something else has the key of, or whose `_to` hides them from it in MySQL: what they come to is tested by itself. */
function oddOnes(): LeftOut {
  const messages: bigint[] = [];
  const entries = new Map<string, bigint[]>();
  for (const { row, fate, table } of mysqlRows()) {
    if (fate.kind === "carried" && row["_to"] !== null) continue;
    if (table.startsWith("t_messages_")) messages.push(row["_mid"] as bigint);
    else {
      const uid = row["_uid"] as string;
      entries.set(uid, [...(entries.get(uid) ?? []), row["_seq"] as bigint]);
    }
  }
  return { messages, entries };
}

describe.skipIf(isLacking)(`a pure MySQL site becomes a hybrid, and MySQL again${why}`, () => {
  let place: string;
  let client: MongoClient;
  let mongodb: Db;
  let mysql: Connection;
  let mysqlAgain: Connection;
  const archive = (): string => join(place, "archive");
  const back = (): string => join(place, "back");

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), "firebreak-wildfirechat-"));
    client = await MongoClient.connect(urlOf("mongodb"));
    mongodb = client.db(database);
    await mongodb.dropDatabase();
    mysql = await createConnection({ uri: await emptyDatabase("mysql", database), charset: "utf8mb4" });
    await fillMysqlSite(mysql, options);
    const mysqlUrl = urlOf("mysql", database);
    const args = ["--source", "mysql", "--include", `${database}.*`];
    expect(ending(await firebreak("export", { archive: archive(), mysqlUrl, args }))).toBe("exit 0");
  }, LONG_MS);
  afterAll(async () => {
    await mongodb?.dropDatabase();
    await client?.close();
    await mysql?.end();
    await mysqlAgain?.end();
    await rm(place, { recursive: true, force: true });
    if (isLacking) return;
    await dropDatabase("mysql", database);
    await dropDatabase("mysql", returned);
  });

  test(
    "every row is the document that the log says, in the right collection, and the digests are equal",
    async () => {
      const args = [
        "--profile",
        "wildfirechat",
        "--to",
        "mongodb",
        "--site",
        await writeSite(place, database),
      ];
      expect(ending(await firebreak("transform", { archive: archive(), args }))).toBe("exit 3");
      const mongodbUrl = urlOf("mongodb", database);
      const to = { archive: archive(), mongodbUrl };
      expect(ending(await firebreak("load", { ...to, args: ["--to", "mongodb"] }))).toBe("exit 3");
      expect(ending(await firebreak("checksum", { ...to, args: ["--against", "mongodb"] }))).toBe("exit 3");
      const expected = new Map<string, Set<string>>();
      for (const { fate } of mysqlRows())
        if (fate.kind === "carried" || fate.kind === "moved") {
          const texts = expected.get(fate.place) ?? new Set();
          expected.set(fate.place, texts.add(textOfDocument(fate.result)));
        }
      const found = await documentsOf(mongodb, "t_");
      const unlike: string[] = [];
      for (const [collection, texts] of expected) {
        const documents = found.get(collection) ?? [];
        expect([collection, documents.length]).toEqual([collection, texts.size]);
        unlike.push(...documents.map(textOfDocument).filter((text) => !texts.has(text)));
      }
      expect(unlike.slice(0, 3)).toEqual([]);
      expect([...found.keys()].filter((name) => !/^t_(user_)?messages_\d+$/.test(name))).toEqual([]);
    },
    LONG_MS,
  );

  test("what was collapsed, moved and left in MySQL is counted", async () => {
    const facts = await profileFacts(archive(), "mongodb");
    const fates = [...mysqlRows()].map(({ fate }) => fate.kind);
    const count = (kind: string): number => fates.filter((fate) => fate === kind).length;
    expect(remarkCount(facts, "collapsed")).toBe(count("collapsed"));
    expect(remarkCount(facts, "moved")).toBe(count("moved"));
    expect(facts.staying.map(({ namespace }) => namespace)).toContain(`${database}.flyway_schema_history`);
    expect(facts.staying).toHaveLength(8);
    const said = facts.decisions.map(({ setting, value, by }) => `${setting} ${value} ${by}`);
    expect(said).toEqual([
      "zone Asia/Shanghai rows",
      "serverTimezone GMT+8 site",
      "sessionTimezone UTC rows",
      "privateTarget plain rows",
    ]);
  });

  test("indexes are those that the server makes", async () => {
    const of = async (name: string): Promise<unknown> =>
      (await mongodb.collection(name).listIndexes().toArray()).map(({ name: index, expireAfterSeconds }) => [
        index as string,
        expireAfterSeconds as unknown,
      ]);
    const expireAfterSeconds = 20_000 * 86_400;
    expect(await of("t_messages_7")).toEqual([
      ["_id_", undefined],
      ["_type_1__target_1__line_1", undefined],
      ["_dt_-1", expireAfterSeconds],
      ["_from_1", undefined],
    ]);
    expect(await of("t_user_messages_99")).toEqual([
      ["_id_", undefined],
      ["_uid_1__seq_-1", undefined],
      ["_createTime_-1", expireAfterSeconds],
    ]);
  });

  test(
    `the server's own queries find the same before and after, over ${QUERY_SAMPLES} conversations and users`,
    async () => {
      const left = oddOnes();
      const before = mysqlStore(mysql, zoneHours, "plain", left);
      await sameResults(options, before, mongodbStore(mongodb, zoneHours, left), left);
    },
    LONG_MS,
  );

  test(
    "back in MySQL the rows are those that were, but for the losses that were counted",
    async () => {
      const mysqlUrl = await emptyDatabase("mysql", returned);
      mysqlAgain = await createConnection({ uri: mysqlUrl, charset: "utf8mb4" });
      await fillServer(mysqlAgain, options);
      const mongodbUrl = urlOf("mongodb", database);
      const include = ["--include", `${database}.*`];
      expect(ending(await firebreak("export", { archive: back(), mongodbUrl, args: include }))).toBe(
        "exit 0",
      );
      const set = ["zone=Asia/Shanghai", "serverTimezone=GMT+8", "sessionTimezone=UTC", "retention=all"];
      const args = ["--profile", "wildfirechat", ...set.flatMap((option) => ["--profile-option", option])];
      expect(ending(await firebreak("transform", { archive: back(), args }))).toBe("exit 0");
      expect(ending(await firebreak("load", { archive: back(), mysqlUrl }))).toBe("exit 0");
      expect(ending(await firebreak("checksum", { archive: back(), mysqlUrl }))).toBe("exit 0");
      const facts = await profileFacts(archive(), "mongodb");
      const factsBack = await profileFacts(back(), "mysql");
      const was = await carriedRows(mysql);
      const is = await carriedRows(mysqlAgain);
      expect([...is.keys()].filter((key) => !was.has(key))).toEqual([]);
      const losses = { shifted: 0, filled: 0 };
      const unlike: unknown[] = [];
      for (const [key, row] of was) {
        const now = is.get(key);
        const { _dt: dtBefore, _to: toBefore, ...rest } = row;
        const { _dt: dtAfter, _to: toAfter, ...restAfter } = now ?? {};
        if (now === undefined || JSON.stringify(rest) !== JSON.stringify(restAfter)) unlike.push([row, now]);
        if (secondsApart(dtBefore!, dtAfter!) === 1) losses.shifted++;
        else if (dtBefore !== dtAfter) unlike.push([row, now]);
        if (toBefore === null && toAfter === "") losses.filled++;
        else if (toBefore !== toAfter) unlike.push([row, now]);
      }
      expect(unlike.slice(0, 3)).toEqual([]);
      expect(losses.filled).toBe(remarkCount(factsBack, "to-filled"));
      expect(losses.shifted).toBe(remarkCount(facts, "second-shifted"));
      expect(losses.shifted).toBeGreaterThan(0);
      expect(losses.filled).toBeGreaterThan(0);
    },
    LONG_MS,
  );

  test(
    "the server's own queries find the same after both ways",
    async () => {
      const left = oddOnes();
      await sameResults(
        options,
        mysqlStore(mysql, zoneHours, "plain", left),
        mysqlStore(mysqlAgain, zoneHours, "plain", left),
        left,
      );
    },
    LONG_MS,
  );

  /** Rows of the sharded tables by their key, less those that the log says cannot go over as they are. */
  async function carriedRows(connection: Connection): Promise<Map<string, TextRow>> {
    const lost = new Set<string>();
    for (const { table, row, fate } of mysqlRows())
      if (fate.kind === "quarantine" || fate.kind === "collapsed")
        lost.add(`${table} ${row["id"] as number}`);
    const rows = new Map<string, TextRow>();
    const tables = [
      ...Array.from({ length: 36 }, (_, i) => `t_messages_${i}`),
      ...Array.from({ length: 128 }, (_, i) => `t_user_messages_${i}`),
    ];
    for (const table of tables)
      for (const { id, ...row } of await rowsOf(connection, table)) {
        if (connection === mysql && lost.has(`${table} ${id}`)) continue;
        rows.set(
          JSON.stringify([row["_uid"] === undefined ? "m" : row["_uid"], row["_seq"] ?? row["_mid"]]),
          row,
        );
      }
    return rows;
  }
});

function secondsApart(one: string, other: string): number {
  return Math.abs(Date.parse(`${one.replace(" ", "T")}Z`) - Date.parse(`${other.replace(" ", "T")}Z`)) / 1000;
}
