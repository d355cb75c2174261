import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collectionsAsText, putCollections } from "../../fixtures/src/earlier-version/collections-as-text.ts";
import { ROWS } from "../../fixtures/src/earlier-version/row-chain.ts";
import { putTables, tablesAsText } from "../../fixtures/src/earlier-version/tables-as-text.ts";
import { lacking, mongodbDatabase, sqlDatabase } from "@firebreak/testing/servers/databases";
import { mustEndWell, type Ended } from "@firebreak/testing/command-line/firebreak";
import { targetText } from "./target-text.ts";
import { unpacked, type Unpacked } from "./unpacked.ts";

let place: Unpacked;
beforeEach(async () => {
  place = await unpacked("rows");
});
afterEach(() => place[Symbol.asyncDispose]());

const argsOf = (link: string): string[] => [
  "--archive",
  place.at("chain", link),
  "--work",
  place.at("own.work"),
];

const mongodb = lacking("mongodb");
describe.skipIf(mongodb.isLacking)(`rows that version 0.4.0 loaded into MongoDB${mongodb.why}`, () => {
  type Target = Awaited<ReturnType<typeof mongodbDatabase>>;
  const frozen = (state: string): Promise<string> =>
    readFile(place.at("in-mongodb", `${state}.ndjson`), "utf8");
  const stateOf = async ({ db }: Target): Promise<string> => targetText(await collectionsAsText(db));
  const load = (link: string, { url }: Target): Promise<Ended> =>
    mustEndWell(["load", "--to", "mongodb", ...argsOf(link)], { mongodbUrl: url });
  const check = (link: string, { url }: Target): Promise<Ended> =>
    mustEndWell(["checksum", "--against", "mongodb", ...argsOf(link)], { mongodbUrl: url });

  /** A database as that version left it. */
  async function targetAt(state: string): Promise<Target> {
    const target = await mongodbDatabase(ROWS);
    await putCollections(target.db, await frozen(state));
    return target;
  }

  test("are known, are equal, and the next delta goes in", async () => {
    await using target = await targetAt("delta-1");
    const before = await stateOf(target);
    expect((await load("full", target)).output).toContain("Delta 1 of this archive's chain is in");
    await load("delta-1", target);
    expect(await stateOf(target)).toBe(before);
    expect(before).toBe(targetText(await frozen("delta-1")));
    await check("delta-1", target);
    await load("delta-2", target);
    expect(await stateOf(target)).toBe(targetText(await frozen("delta-2")));
    await check("delta-2", target);
    await mustEndWell(["status", "--to", "mongodb", ...argsOf("delta-2")], { mongodbUrl: target.url });
  });

  test("are loaded on where that version was killed in a delta", async () => {
    await using target = await targetAt("delta-2-half");
    await load("delta-2", target);
    expect(await stateOf(target)).toBe(targetText(await frozen("delta-2")));
  });

  test("are loaded from the beginning as that version did", async () => {
    await using target = await mongodbDatabase(ROWS);
    await load("full", target);
    await load("delta-1", target);
    expect(await stateOf(target)).toBe(targetText(await frozen("delta-1")));
    await load("delta-2", target);
    expect(await stateOf(target)).toBe(targetText(await frozen("delta-2")));
    await check("delta-2", target);
  });
});

const mysql = lacking("mysql");
describe.skipIf(mysql.isLacking)(`rows that version 0.4.0 loaded into MySQL again${mysql.why}`, () => {
  type Target = Awaited<ReturnType<typeof sqlDatabase>>;
  const frozen = (state: string): Promise<string> => readFile(place.at("in-mysql", `${state}.sql`), "utf8");
  const stateOf = async ({ connection }: Target): Promise<string> =>
    targetText(await tablesAsText(connection));
  const run = (verb: "load" | "checksum", link: string, { url }: Target, ...more: string[]): Promise<Ended> =>
    mustEndWell([verb, verb === "load" ? "--to" : "--against", "mysql", ...argsOf(link), ...more], {
      mysqlUrl: url,
    });

  test("are known, are equal, and the next delta goes in", async () => {
    await using target = await sqlDatabase("mysql", ROWS);
    await putTables(target.connection, await frozen("delta-1"));
    expect((await run("load", "full", target)).output).toContain("Delta 1 of this archive's chain is in");
    await run("load", "delta-1", target);
    expect(await stateOf(target)).toBe(targetText(await frozen("delta-1")));
    await run("checksum", "delta-1", target);
    await run("load", "delta-2", target, "--yes");
    expect(await stateOf(target)).toBe(targetText(await frozen("delta-2")));
    await run("checksum", "delta-2", target);
  });

  test("are loaded from the beginning as that version did", async () => {
    await using target = await sqlDatabase("mysql", ROWS);
    for (const link of ["full", "delta-1"]) await run("load", link, target);
    expect(await stateOf(target)).toBe(targetText(await frozen("delta-1")));
    await run("load", "delta-2", target, "--yes");
    expect(await stateOf(target)).toBe(targetText(await frozen("delta-2")));
    await run("checksum", "delta-2", target);
  });
});
