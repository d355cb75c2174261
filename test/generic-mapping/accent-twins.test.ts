import { Int32 } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentBytes, type Field } from "@firebreak/testing/documents/document-bytes";
import { ending, firebreak } from "../command-line.ts";
import { faultsOf } from "@firebreak/testing/tables/compare-row";
import { journeyOf, type Journey } from "./mapping-journey.ts";
import { readTable } from "@firebreak/testing/tables/read-table";
import { dropDatabase, emptyDatabase } from "@firebreak/testing/servers/empty-database";
import { lacking, ownName, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";

const database = ownName("accents");
const { isLacking, why } = lacking("mongodb");

/**
 * MariaDB looks names up by utf8mb3_general_ci, for which these are pairs, once
 * a table has more than 32 columns; CREATE TABLE takes them as different ones.
 */
const PAIRS = [
  ["é", "È"],
  ["ß", "ſ"],
  ["a", "à"],
  ["Ō", "O"],
  ["s", "ś"],
];
const fields = (n: number): Field[] => [
  ["_id", new Int32(n)],
  ...PAIRS.flat().map((name): Field => [name, `${n}${name}`]),
  ...Array.from({ length: 40 }, (_, f): Field => [`field_${f}`, "x"]),
];
const collections = new Map([["accents", [0, 1].map((n) => documentBytes(fields(n)))]]);

describe.skipIf(isLacking)(`names that differ by accents only${why}`, () => {
  let journey: Journey;
  beforeAll(async () => {
    journey = await journeyOf(database, collections);
  });
  afterAll(async () => {
    await journey?.end();
    for (const server of SQL_SERVERS) if (!lacking(server).isLacking) await dropDatabase(server, database);
  });

  describe.each(SQL_SERVERS)("on %s", (server) => {
    const target = lacking(server);
    test.skipIf(target.isLacking)(
      `keep their values apart in a table of more than 32 columns${target.why}`,
      async () => {
        const mysqlUrl = await emptyDatabase(server, database);
        expect(ending(await firebreak("load", { archive: journey.archive, mysqlUrl }))).toBe("exit 0");
        const { rows } = await readTable(urlOf(server, database), journey.tableOf("accents"));
        rows.forEach((row, n) => expect(faultsOf(collections.get("accents")![n]!, row)).toEqual([]));
        expect(ending(await firebreak("checksum", { archive: journey.archive, mysqlUrl }))).toBe("exit 0");
      },
    );
  });
});
