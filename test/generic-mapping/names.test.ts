import { Binary, Int32 } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  documentBytes,
  RawValue,
  stringBytes,
  type Field,
} from "@firebreak/testing/documents/document-bytes";
import { ending, firebreak } from "../command-line.ts";
import { faultsOf } from "@firebreak/testing/tables/compare-row";
import { journeyOf, type Journey } from "./mapping-journey.ts";
import { readTable, type ReadTable } from "@firebreak/testing/tables/read-table";
import { dropDatabase, emptyDatabase } from "@firebreak/testing/servers/empty-database";
import { lacking, ownName, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";

const database = ownName("names");
const { isLacking, why } = lacking("mongodb");

/** Names of fields that are columns, and names that cannot be. */
const COLUMN_NAMES = [
  "n".repeat(64),
  "back`tick",
  "a.b",
  ".",
  "$price",
  "a$b",
  "$",
  "数据",
  "select",
  "a b",
  " leading",
  "naïve",
  "strasse",
  "it's",
  'double"quote',
  "back\\slash",
  "tab\tinside",
  "new\nline",
  "1",
  "0x",
  "%d",
  "?",
  ":x",
  "@v",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "_extra_",
  "key",
  "n",
  "--",
  "/*",
  "*/",
  ";",
  // The first spellings of names that are as common as their twins.
  "Twin",
  "É2",
  "Я",
  "Σ",
  "İ",
];
const OTHER_NAMES = [
  "",
  "n".repeat(65),
  "tWIN",
  "é2",
  "я",
  "_extra",
  "_EXTRA",
  "_ID",
  "trailing ",
  "trailing\t",
  "trailing\n",
  "😀",
  "a😀b",
  "ς",
  "σ",
  "ı",
  "I",
];

/** Kept beside the columns or in them, as the servers' rules have it: only the values must arrive. */
const ODD_NAMES = [
  "K",
  "ﬀ",
  "\u00a0",
  "x\u00a0",
  "x\u3000",
  "\ufeff",
  "\uffff",
  "x\u0001",
  "ǅ",
  "ǆ",
  "ᾳ",
  "ᾼ",
];

const valueOf = (name: string, n: number): Field => [name, `${n}:${name}`];
const int = (n: number): Int32 => new Int32(n);

/** 400 fields, the commonest 300 of which get columns. */
const mapDocuments = Array.from({ length: 40 }, (_, n) =>
  documentBytes([
    ["_id", int(n)],
    ...Array.from({ length: 400 }, (_, f): Field => [`field_${f}`, int(f)]).filter(
      (_, f) => f < 300 || f % 40 === n,
    ),
  ]),
);

/** Each field has a length of its own, from 61 to 760: together far beyond a row. */
const widths = Array.from({ length: 36 }, (_, f) => 60 + f * 9);
const wide = (letter: string, n: number): Buffer =>
  documentBytes([["_id", int(n)], ...widths.map((w, f): Field => [`w${f}`, letter.repeat(w)])]);

const twice = (n: number): Buffer =>
  documentBytes([
    ["_id", int(n)],
    ["a", int(1)],
    ["b", "x"],
    ["a", int(2)],
  ]);

const COLLECTIONS = new Map<string, Buffer[]>([
  [
    "fields",
    [documentBytes([["_id", int(0)], ...[...COLUMN_NAMES, ...OTHER_NAMES, ...ODD_NAMES].map(valueOf)])],
  ],
  ["maps", mapDocuments],
  [
    "texts",
    [0, 1].map((n) =>
      documentBytes([
        ["_id", int(n)],
        ...Array.from({ length: 299 }, (_, f): Field => [`t${f}`, "é".repeat(n === 0 ? 40 : 900)]),
      ]),
    ),
  ],
  [
    "short_texts",
    [0, 1].map((n) =>
      documentBytes([
        ["_id", int(n)],
        ...Array.from({ length: 299 }, (_, f): Field => [`t${f}`, "😀".repeat(n === 0 ? 0 : 8)]),
      ]),
    ),
  ],
  [
    "binaries",
    [
      documentBytes([
        ["_id", int(0)],
        ...Array.from({ length: 299 }, (_, f): Field => [`b${f}`, new Binary(Buffer.alloc(200, f))]),
      ]),
    ],
  ],
  ["wide", [wide("x", 0), wide("é", 1)]],
  [
    "duplicates",
    [
      twice(0),
      documentBytes([
        ["_id", int(1)],
        ["a", int(3)],
        ["b", "y"],
      ]),
      documentBytes([
        ["_id", int(2)],
        ["a", int(4)],
        ["b", new RawValue(0x02, stringBytes(Buffer.from([0xff])))],
      ]),
      documentBytes([
        ["_id", int(3)],
        ["sub", new RawValue(0x03, twice(9))],
        ["b", "z"],
      ]),
      documentBytes([
        ["_id", int(4)],
        ["sub", { $oid: "not one" }],
        ["b", "z"],
      ]),
    ],
  ],
]);

describe.skipIf(isLacking)(`the generic mapping of names and of many fields${why}`, () => {
  let journey: Journey;
  beforeAll(async () => {
    journey = await journeyOf(database, COLLECTIONS);
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
    const it = test.skipIf(target.isLacking);
    const table = (name: string): Promise<ReadTable> =>
      readTable(urlOf(server, database), journey.tableOf(name));

    it(`is loaded, and the digests are equal${target.why}`, async () => {
      const mysqlUrl = await emptyDatabase(server, database);
      expect(ending(await firebreak("load", { archive: journey.archive, mysqlUrl }))).toBe("exit 0");
      expect(ending(await firebreak("checksum", { archive: journey.archive, mysqlUrl }))).toBe("exit 0");
    });

    it.each([...COLLECTIONS.keys()])(`brings every field of %s${target.why}`, async (name) => {
      const { rows } = await table(name);
      const documents = COLLECTIONS.get(name)!;
      expect(rows).toHaveLength(documents.length);
      rows.forEach((row, n) => expect(faultsOf(documents[n]!, row)).toEqual([]));
    });

    it(`makes columns of all names that MySQL takes, and of no others${target.why}`, async () => {
      const names = Object.keys((await table("fields")).types);
      expect(COLUMN_NAMES.filter((name) => !names.includes(name))).toEqual([]);
      expect(OTHER_NAMES.filter((name) => name !== "_extra" && names.includes(name))).toEqual([]);
    });

    it(`gives the 300 commonest fields columns${target.why}`, async () => {
      const names = Object.keys((await table("maps")).types);
      expect(names).toEqual(["_id", ...Array.from({ length: 300 }, (_, f) => `field_${f}`), "_extra"]);
    });

    it(`makes the longest VARCHARs TEXT where the row would be too long${target.why}`, async () => {
      const { types } = await table("wide");
      const texts = widths.filter((_, f) => types[`w${f}`] === "text");
      const lengths = widths
        .flatMap((_, f) => /^varchar\((\d+)\)$/.exec(types[`w${f}`]!)?.[1] ?? [])
        .map(Number);
      expect(texts.length).toBeGreaterThan(0);
      expect(lengths).toHaveLength(widths.length - texts.length);
      // Columns of one declared length are equally long.
      const shorter = widths.filter(
        (_, f) => types[`w${f}`]!.startsWith("varchar") && types[`w${f}`] !== "varchar(768)",
      );
      expect(Math.min(...texts)).toBeGreaterThan(Math.max(...shorter));
    });
  });
});
