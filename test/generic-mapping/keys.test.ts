import { Int32 } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentBytes, type Field } from "@firebreak/testing/documents/document-bytes";
import { ending, firebreak } from "../command-line.ts";
import { faultsOf } from "@firebreak/testing/tables/compare-row";
import { KEY_CASES, type KeyCase } from "./key-cases.ts";
import { QUARANTINE_CASES, WIDEST_CASES } from "./key-limits.ts";
import { journeyOf, type Journey } from "./mapping-journey.ts";
import { readTable } from "@firebreak/testing/tables/read-table";
import { dropDatabase, emptyDatabase } from "@firebreak/testing/servers/empty-database";
import { lacking, ownName, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";

const { isLacking, why } = lacking("mongodb");

/** `n` says which document a row came from. */
function collectionsOf(cases: readonly KeyCase[]): Map<string, Buffer[]> {
  const fields = (id: unknown, n: number): Field[] => [
    ["_id", id],
    ["n", new Int32(n)],
  ];
  return new Map(
    cases.map(({ keys }, i) => [`case_${i}`, keys.map(([id], n) => documentBytes(fields(id, n)))]),
  );
}

function describeKeys(subject: string, database: string, cases: readonly KeyCase[], exit: string): void {
  describe.skipIf(isLacking)(`${subject}${why}`, () => {
    const collections = collectionsOf(cases);
    let journey: Journey;
    beforeAll(async () => {
      journey = await journeyOf(database, collections);
    });
    afterAll(async () => {
      await journey?.end();
      for (const server of SQL_SERVERS) if (!lacking(server).isLacking) await dropDatabase(server, database);
    });

    test(`is exported, and transformed with ${exit}`, () => {
      expect([ending(journey.exported), ending(journey.transformed)]).toEqual(["exit 0", exit]);
    });

    test("counts exactly the documents that cannot be rows as quarantined", () => {
      const counts = journey.manifest.namespaces
        .filter((n) => n.namespace.includes(".case_"))
        .map((n) => [n.namespace, n.quarantinedCount]);
      const expected = cases.map(({ keys }, i) => [
        `${database}.case_${i}`,
        keys.filter(([, cell]) => cell === undefined).length,
      ]);
      expect(new Map(counts as [string, number][])).toEqual(new Map(expected as [string, number][]));
    });

    describe.each(SQL_SERVERS)("on %s", (server) => {
      const target = lacking(server);
      test.skipIf(target.isLacking)(`is loaded, and the digests are equal${target.why}`, async () => {
        const mysqlUrl = await emptyDatabase(server, database);
        expect(ending(await firebreak("load", { archive: journey.archive, mysqlUrl }))).toBe(exit);
        expect(ending(await firebreak("checksum", { archive: journey.archive, mysqlUrl }))).toBe(exit);
      });

      test.skipIf(target.isLacking).each(cases.map((c, i) => ({ ...c, i })))(
        `$title${target.why}`,
        async ({ i, type, keys }) => {
          const table = await readTable(urlOf(server, database), journey.tableOf(`case_${i}`));
          if (type instanceof RegExp) expect(table.types["_id"]).toMatch(type);
          else expect(table.types["_id"]).toBe(type);
          const found = new Map(table.rows.map((row) => [Number(row["n"]), row]));
          const cells = keys.map((_, n) => textOf(table.types["_id"]!, found.get(n)?.["_id"]));
          expect(cells).toEqual(keys.map(([, cell]) => cell));
          for (const [n, row] of found) expect(faultsOf(collections.get(`case_${i}`)![n]!, row)).toEqual([]);
        },
      );
    });
  });
}

function textOf(type: string, cell: Buffer | null | undefined): string | undefined {
  if (cell == null) return undefined;
  if (type === "double") return String(Number(cell.toString())).replace("e+", "e");
  return cell.toString(/^(var)?binary/.test(type) ? "hex" : "utf8");
}

describeKeys("the generic mapping of _id", ownName("keys"), KEY_CASES, "exit 0");
describeKeys("the generic mapping of the widest _id", ownName("widest_keys"), WIDEST_CASES, "exit 0");
describeKeys(
  "the generic mapping of an _id that fits no key",
  ownName("long_keys"),
  QUARANTINE_CASES,
  "exit 3",
);
