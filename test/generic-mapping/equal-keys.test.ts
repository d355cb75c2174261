import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Int32 } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentBytes } from "@firebreak/testing/documents/document-bytes";
import { ending, firebreak, type Outcome } from "../command-line.ts";
import { faultsOf } from "@firebreak/testing/tables/compare-row";
import { journeyOf, type Journey } from "./mapping-journey.ts";
import { readTable } from "@firebreak/testing/tables/read-table";
import { rewriteArchive } from "@firebreak/testing/archives/rewrite-archive";
import { dropDatabase, emptyDatabase } from "@firebreak/testing/servers/empty-database";
import { lacking, ownName, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";

const database = ownName("equal");
const { isLacking, why } = lacking("mongodb");

/** MongoDB itself has no collection whose keys are not unique, but an archive may come from elsewhere. */
const keys = [1, 2, 2, 3, 2];
const document = (id: number, n: number): Buffer =>
  documentBytes([
    ["_id", new Int32(id)],
    ["n", new Int32(n)],
  ]);

describe.skipIf(isLacking)(`documents with one _id${why}`, () => {
  let journey: Journey;
  let transformed: Outcome;
  beforeAll(async () => {
    journey = await journeyOf(database, new Map([["equal", keys.map((_, n) => document(n, n))]]));
    const { archive } = journey;
    await rm(join(archive, "mysql"), { recursive: true });
    await rewriteArchive(archive, (text) =>
      text.replace(/(?<="_id":\{"\$numberInt":")\d+/g, (n) => String(keys[Number(n)])),
    );
    transformed = await firebreak("transform", { archive });
  });
  afterAll(async () => {
    await journey?.end();
    for (const server of SQL_SERVERS) if (!lacking(server).isLacking) await dropDatabase(server, database);
  });

  test("are one row, and the later of them are in quarantine", async () => {
    expect(ending(transformed)).toBe("exit 3");
    const text = await readFile(join(journey.archive, "mysql", "manifest.json"), "utf8");
    expect(JSON.parse(text)).toMatchObject({ namespaces: [{ mappedCount: 3, quarantinedCount: 2 }] });
  });

  describe.each(SQL_SERVERS)("on %s", (server) => {
    const target = lacking(server);
    test.skipIf(target.isLacking)(`leave the earlier one in the table${target.why}`, async () => {
      const mysqlUrl = await emptyDatabase(server, database);
      expect(ending(await firebreak("load", { archive: journey.archive, mysqlUrl }))).toBe("exit 3");
      expect(ending(await firebreak("checksum", { archive: journey.archive, mysqlUrl }))).toBe("exit 3");
      const { rows } = await readTable(urlOf(server, database), journey.tableOf("equal"));
      expect(rows.map((row) => Number(row["n"]))).toEqual([0, 1, 3]);
      for (const row of rows) {
        const n = Number(row["n"]);
        expect(faultsOf(document(keys[n]!, n), row)).toEqual([]);
      }
    });
  });
});
