import { readFile } from "node:fs/promises";
import type { Connection } from "mysql2/promise";
import { expect, test } from "vitest";
import { CHAT, chatTables, fillChatServer } from "../../fixtures/src/earlier-version/chat-chain.ts";
import { collectionsAsText, putCollections } from "../../fixtures/src/earlier-version/collections-as-text.ts";
import { TEXT_OF_CHAT } from "../../fixtures/src/earlier-version/freeze-chat.ts";
import { LINKS } from "../../fixtures/src/earlier-version/freeze-task.ts";
import { putTables, tablesAsText } from "../../fixtures/src/earlier-version/tables-as-text.ts";
import { lacking, mongodbDatabase, sqlDatabase } from "@firebreak/testing/servers/databases";
import { firebreak, type Ended } from "@firebreak/testing/command-line/firebreak";
import { targetText } from "./target-text.ts";
import { unpacked } from "./unpacked.ts";

/** A chat server has 164 tables, which take their time on a machine that others use too. */
const LONG_MS = 300_000;

const mysql = lacking("mysql");
test.skipIf(mysql.isLacking)(
  `a chat server's tables that version 0.4.0 filled are known, are equal, and the next delta goes in${mysql.why}`,
  async () => {
    await using place = await unpacked("chat-documents");
    await using target = await sqlDatabase("mysql", CHAT);
    const frozen = (state: string): Promise<string> => readFile(place.at("in-mysql", `${state}.sql`), "utf8");
    const run = (verb: string, link: string): Promise<Ended> =>
      firebreak([verb, "--archive", place.at("chain", link), "--work", place.at("work")], {
        mysqlUrl: target.url,
      });
    const state = async (): Promise<string> =>
      targetText(await tablesAsText(target.connection, TEXT_OF_CHAT));
    await chatServer(target.connection, await frozen("delta-1"));
    for (const [verb, link, then] of [
      ["load", "full", "delta-1"],
      ["load", "delta-1", "delta-1"],
      ["checksum", "delta-1", "delta-1"],
      ["load", "delta-2", "delta-2"],
      ["checksum", "delta-2", "delta-2"],
    ] as const) {
      const ended = await run(verb, link);
      expect(ended.exitCode, ended.output).toBe(3);
      expect(await state()).toBe(targetText(await frozen(then)));
    }
    await target.connection.query("DROP TABLE firebreak_ledger");
    await chatServer(target.connection, await frozen("before"));
    for (const link of LINKS) {
      const ended = await run("load", link);
      expect(ended.exitCode, ended.output).toBe(3);
      if (link !== "full") expect(await state()).toBe(targetText(await frozen(link)));
    }
  },
  LONG_MS,
);

/** Makes the tables of a chat server; those that the chain fills are as the text has them. */
async function chatServer(connection: Connection, text: string): Promise<void> {
  const [tables] = await connection.query<never[]>("SHOW TABLES LIKE 't_user'");
  if (tables.length === 0) await fillChatServer(connection);
  for (const table of chatTables) await connection.query("DROP TABLE ??", [table]);
  await putTables(connection, text);
}

const mongodb = lacking("mongodb");
test.skipIf(mongodb.isLacking)(
  `collections that version 0.4.0 made of a chat server's tables are known, and the next delta goes in${mongodb.why}`,
  async () => {
    await using place = await unpacked("chat-rows");
    await using target = await mongodbDatabase(CHAT);
    const frozen = (state: string): Promise<string> =>
      readFile(place.at("in-mongodb", `${state}.ndjson`), "utf8");
    const run = (verb: "load" | "checksum", link: string): Promise<Ended> => {
      const args = ["--archive", place.at("chain", link), "--work", place.at("work")];
      return firebreak([verb, verb === "load" ? "--to" : "--against", "mongodb", ...args], {
        mongodbUrl: target.url,
      });
    };
    const state = async (): Promise<string> => targetText(await collectionsAsText(target.db));
    await putCollections(target.db, await frozen("delta-1"));
    for (const [verb, link, then] of [
      ["load", "full", "delta-1"],
      ["load", "delta-1", "delta-1"],
      ["checksum", "delta-1", "delta-1"],
      ["load", "delta-2", "delta-2"],
      ["checksum", "delta-2", "delta-2"],
    ] as const) {
      const ended = await run(verb, link);
      expect(ended.exitCode, ended.output).toBe(0);
      expect(await state()).toBe(targetText(await frozen(then)));
    }
  },
  LONG_MS,
);
