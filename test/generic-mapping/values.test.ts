import { Int32 } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentBytes, type Field } from "@firebreak/testing/documents/document-bytes";
import { ending, firebreak } from "../command-line.ts";
import { faultsOf } from "@firebreak/testing/tables/compare-row";
import { FIELD_CASES } from "./mapping-cases.ts";
import type { Place } from "./mapping-place.ts";
import { journeyOf, type Journey } from "./mapping-journey.ts";
import { readTable } from "@firebreak/testing/tables/read-table";
import { dropDatabase, emptyDatabase } from "@firebreak/testing/servers/empty-database";
import { lacking, ownName, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";

const database = ownName("mapping");
const { isLacking, why } = lacking("mongodb");

const fieldsOf = (value: unknown, id: number): Field[] => [
  ["_id", new Int32(id)],
  ["v", value],
];

/** One collection a case; the last document of each has no `v` at all. */
const collections = new Map(
  FIELD_CASES.map(({ values }, i) => [
    `case_${i}`,
    [
      ...values.map(([value], id) => documentBytes(fieldsOf(value, id))),
      documentBytes([["_id", new Int32(values.length)]]),
    ],
  ]),
);

describe.skipIf(isLacking)(`the generic mapping of one field${why}`, () => {
  let journey: Journey;
  beforeAll(async () => {
    journey = await journeyOf(database, collections);
  });
  afterAll(async () => {
    await journey?.end();
    for (const server of SQL_SERVERS) if (!lacking(server).isLacking) await dropDatabase(server, database);
  });

  test("is exported and transformed with nothing in quarantine", () => {
    expect([ending(journey.exported), ending(journey.transformed)]).toEqual(["exit 0", "exit 0"]);
  });

  describe.each(SQL_SERVERS)("on %s", (server) => {
    const target = lacking(server);
    test.skipIf(target.isLacking)(`is loaded, and the digests are equal${target.why}`, async () => {
      const mysqlUrl = await emptyDatabase(server, database);
      expect(ending(await firebreak("load", { archive: journey.archive, mysqlUrl }))).toBe("exit 0");
      expect(ending(await firebreak("checksum", { archive: journey.archive, mysqlUrl }))).toBe("exit 0");
    });

    test.skipIf(target.isLacking)(`counts what is in _extra${target.why}`, async () => {
      for (const [i, { title }] of FIELD_CASES.entries()) {
        const table = journey.tableOf(`case_${i}`);
        const { rows } = await readTable(urlOf(server, database), table);
        const found = rows.filter((row) => (row["_extra"] ?? null) !== null).length;
        const { extra = [] } = journey.manifest.tables.find((t) => t.table === table)!;
        expect(extra.map(({ column }) => column).every((column) => column === "v")).toBe(true);
        expect([title, extra.reduce((sum, { values }) => sum + values, 0)]).toEqual([title, found]);
      }
    });

    test.skipIf(target.isLacking).each(FIELD_CASES.map((c, i) => ({ ...c, i })))(
      `$title${target.why}`,
      async ({ i, type, values }) => {
        const { types, rows, collations } = await readTable(
          urlOf(server, database),
          journey.tableOf(`case_${i}`),
        );
        expect(Object.keys(types)).toEqual(type === undefined ? ["_id", "_extra"] : ["_id", "v", "_extra"]);
        if (type instanceof RegExp) expect(types["v"]).toMatch(type);
        else expect(types["v"]).toBe(type);
        expect(types["_extra"]).toBe("longtext");
        expect(collations["v"] ?? null).toBe(collationOf(types["v"], server));
        const places = rows.map((row) => placeOf(types["v"], row["v"] ?? null, row["_extra"] ?? null));
        expect(places).toEqual([...values.map(([, place]) => expected(types["v"], place)), "nowhere"]);
        const documents = collections.get(`case_${i}`)!;
        rows.forEach((row, at) => {
          // What the driver cannot write it cannot make from text either; that text is compared above.
          const isUnreadable = /\$dbPointer|\$undefined|\$date":\{"\$numberLong":"-?(?:9223|864)/;
          if (!isUnreadable.test(String(row["_extra"]))) expect(faultsOf(documents[at]!, row)).toEqual([]);
        });
      },
    );
  });
});

function collationOf(type: string | undefined, server: string): string | null {
  if (type === "char(24)") return "ascii_bin";
  if (!/char|text/.test(type ?? "")) return null;
  return server === "mysql" ? "utf8mb4_0900_bin" : "utf8mb4_nopad_bin";
}

/** Where a value was found, in words that `expected` has too. */
function placeOf(type: string | undefined, cell: Buffer | null, extra: Buffer | null): string {
  if (cell !== null && extra !== null) return `both: ${cell.toString()} and ${extra.toString()}`;
  if (cell !== null) return `column ${normal(type, cell)}`;
  if (extra === null) return "nowhere";
  const text = extra.toString();
  return text.startsWith('{"$firebreak":{"bson":"') ? "extra raw" : `extra ${text}`;
}

function expected(type: string | undefined, place: Place): string {
  if ("extra" in place) return place.extra === "raw" ? "extra raw" : `extra {"v":${place.extra}}`;
  const isBytes = /binary|blob/.test(type ?? "");
  return `column ${normal(type, Buffer.from(place.column, isBytes ? "hex" : "utf8"))}`;
}

/** Servers spell doubles differently and fill decimals with zeros; those are compared by value. */
function normal(type: string | undefined, cell: Buffer): string {
  if (type === "double") return String(Number(cell.toString()));
  if (type?.startsWith("decimal") === true)
    return cell.toString().includes(".") ? cell.toString().replace(/\.?0+$/, "") : cell.toString();
  return /binary|blob/.test(type ?? "") ? cell.toString("hex") : cell.toString();
}
