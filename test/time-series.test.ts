import { Int32 } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentBytes } from "./bson-bytes.ts";
import { ending, firebreak } from "./command-line.ts";
import { faultsOf } from "./compare-row.ts";
import { journeyOf, type Journey } from "./mapping-journey.ts";
import { readTable } from "./read-table.ts";
import { dropDatabase, emptyDatabase, missing, ownDatabase, SQL_SERVERS, urlOf } from "./servers.ts";

const database = ownDatabase("series");
const { isMissing, why } = missing("mongodb");

/** Time-series collections have no unique index on `_id`: the one source of documents with equal keys. */
const documents = [1, 2, 2, 3, 2].map((id, n) =>
  documentBytes([
    ["t", new Date(n * 1000)],
    ["_id", new Int32(id)],
    ["n", new Int32(n)],
  ]),
);

describe.skipIf(isMissing)(`two documents with one _id${why}`, () => {
  let journey: Journey;
  beforeAll(async () => {
    journey = await journeyOf(database, new Map([["series", documents]]), async (client) => {
      await client.db(database).createCollection("series", { timeseries: { timeField: "t" } });
    });
  });
  afterAll(async () => {
    await journey?.end();
    for (const server of SQL_SERVERS) if (!missing(server).isMissing) await dropDatabase(server, database);
  });

  test("are one row, and the later of them are in quarantine", () => {
    expect([ending(journey.exported), ending(journey.transformed)]).toEqual(["exit 0", "exit 3"]);
    expect(journey.manifest.namespaces).toMatchObject([{ mappedCount: 3, quarantinedCount: 2 }]);
  });

  describe.each(SQL_SERVERS)("on %s", (server) => {
    const target = missing(server);
    test.skipIf(target.isMissing)(`leave the earlier one in the table${target.why}`, async () => {
      const mysqlUrl = await emptyDatabase(server, database);
      expect(ending(await firebreak("load", { archive: journey.archive, mysqlUrl }))).toBe("exit 3");
      expect(ending(await firebreak("checksum", { archive: journey.archive, mysqlUrl }))).toBe("exit 3");
      const { rows } = await readTable(urlOf(server, database), journey.tableOf("series"));
      expect(rows.map((row) => Number(row["n"]))).toEqual([0, 1, 3]);
      for (const row of rows) expect(faultsOf(documents[Number(row["n"])]!, row)).toEqual([]);
    });
  });
});
