import { Int32 } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentBytes } from "@firebreak/testing/documents/document-bytes";
import { ending, firebreak } from "../command-line.ts";
import { journeyOf, type Journey } from "./mapping-journey.ts";
import { readTable } from "@firebreak/testing/tables/read-table";
import { dropDatabase, emptyDatabase } from "@firebreak/testing/servers/empty-database";
import { lacking, ownName, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";

const database = ownName("collections");
const { isLacking, why } = lacking("mongodb");

/** Collections whose tables have their name, and those whose name MySQL does not take or another has. */
const KEPT_NAMES = [
  "plain",
  "dots.in.name",
  "数据",
  "per%cent",
  "back`tick",
  "quo'te\"",
  "a b",
  " leading",
  "con",
  "semi;colon",
  "n".repeat(64),
  "select",
  "%2e%2e",
  "quarantine",
  "listed",
  "manifest.json",
  "schema.sql",
  "load.sh",
  "transform.lock",
  "-LxRoom1",
  "%s{x}",
  "été",
];
const CHANGED_NAMES = [
  "with/slash",
  "up/../../climbs",
  "back\\slash",
  "Twin",
  "twin",
  "n".repeat(70),
  `${"n".repeat(69)}x`,
  "emoji😀",
  "trailing ",
  "line\nbreak",
];
const names = [...KEPT_NAMES, ...CHANGED_NAMES];
const collections = new Map(
  names.map((name, n) => [
    name,
    [
      documentBytes([
        ["_id", new Int32(n)],
        ["name", name],
      ]),
    ],
  ]),
);

describe.skipIf(isLacking)(`collections with any name${why}`, () => {
  let journey: Journey;
  beforeAll(async () => {
    journey = await journeyOf(database, collections);
  });
  afterAll(async () => {
    await journey?.end();
    for (const server of SQL_SERVERS) if (!lacking(server).isLacking) await dropDatabase(server, database);
  });

  test("are exported and transformed, and the archive is whole", async () => {
    expect([ending(journey.exported), ending(journey.transformed)]).toEqual(["exit 0", "exit 0"]);
    expect(ending(await firebreak("verify", { archive: journey.archive }))).toBe("exit 0");
  });

  test("keep their name where MySQL takes it, and get one of their own elsewhere, listed in the manifest", () => {
    expect(KEPT_NAMES.map((name) => journey.tableOf(name))).toEqual(KEPT_NAMES);
    const tables = CHANGED_NAMES.map((name) => journey.tableOf(name));
    expect(tables.filter((table, i) => table === CHANGED_NAMES[i])).toEqual([]);
    const all = new Set([...KEPT_NAMES, ...tables].map((table) => table.toLowerCase()));
    expect(all.size).toBe(names.length);
  });

  describe.each(SQL_SERVERS)("on %s", (server) => {
    const target = lacking(server);
    test.skipIf(target.isLacking)(`arrive each in its own table${target.why}`, async () => {
      const mysqlUrl = await emptyDatabase(server, database);
      expect(ending(await firebreak("load", { archive: journey.archive, mysqlUrl }))).toBe("exit 0");
      expect(ending(await firebreak("checksum", { archive: journey.archive, mysqlUrl }))).toBe("exit 0");
      for (const [n, name] of names.entries()) {
        const { rows } = await readTable(urlOf(server, database), journey.tableOf(name));
        expect(rows.map((row) => [Number(row["_id"]), row["name"]?.toString()])).toEqual([[n, name]]);
      }
    });
  });
});
