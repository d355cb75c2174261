import { Binary, Double, Int32 } from "bson";
import type { Document } from "mongodb";
import { changed, extra, missing } from "@firebreak/testing/tables/repair-of";
import type { DifferingKey } from "../../mysql/src/target/repair/table-repair.ts";

export const ROW_COUNT = 400;

function* things(): Generator<Document> {
  for (let n = 1; n <= ROW_COUNT; n++)
    yield {
      _id: new Int32(n),
      name: `Name ${n} "😀" \\`,
      blank: n % 2 === 0 ? "" : null,
      body: new Binary(Buffer.from(`body ${n}`)),
      ratio: new Double(n / 7),
      at: new Date(1_700_000_000_000 + n),
    };
}

export const words = ["a", "A", "á", "ａ", "a ", "ß", "ss", "😀", "😁", "", "'", "\\", "x'--", "ǆ"];

/** A collection named as repairs are in the ledger, and keys of every form. */
export const collections = {
  things: things(),
  words: words.map((word, n) => ({ _id: word, n: new Int32(n) })),
  doubles: [0.1, 1 / 3, 1e300, -5e-324, 2, 123456789.125].map((n) => ({ _id: new Double(n), twice: n * 2 })),
  blobs: [0, 1, 2, 39, 92, 255].map((n) => ({ _id: new Binary(Buffer.from([n, 0, 32])), n })),
  times: [1, 1000, 1_700_000_000_123].map((n) => ({ _id: new Date(n), n })),
  repair: [{ _id: 1 }, { _id: 2 }],
};

interface Fault {
  readonly title: string;
  readonly table: keyof typeof collections;
  readonly sql: string;
  readonly found: readonly DifferingKey[];
}

export const faults: readonly Fault[] = [
  {
    title: "one bit of a blob",
    table: "things",
    sql: "UPDATE things SET body = CONCAT(CHAR(ASCII(body) ^ 1), SUBSTRING(body, 2)) WHERE _id = 17",
    found: [changed("17")],
  },
  {
    title: "two values exchanged",
    table: "things",
    sql: "UPDATE things SET name = CONCAT('Name ', 61 - _id, ' \"😀\" ', CHAR(92)) WHERE _id IN (30, 31)",
    found: [changed("30"), changed("31")],
  },
  {
    title: "rows missing",
    table: "things",
    sql: "DELETE FROM things WHERE _id < 4",
    found: ["1", "2", "3"].map((k) => missing(k)),
  },
  {
    title: "a row too many",
    table: "things",
    sql: "INSERT INTO things (_id, name) VALUES (90001, 'none of ours')",
    found: [extra("90001")],
  },
  {
    title: "every row gone",
    table: "things",
    sql: "DELETE FROM things",
    found: Array.from({ length: ROW_COUNT }, (_, n) => missing(String(n + 1))),
  },
  {
    title: "an empty string for NULL, and NULL for an empty string",
    table: "things",
    sql: "UPDATE things SET blank = IF(blank IS NULL, '', NULL) WHERE _id IN (21, 22)",
    found: [changed("21"), changed("22")],
  },
  {
    title: "a double, a time and a name changed, one row missing and one too many",
    table: "things",
    sql: "UPDATE things SET ratio = ratio + 1 WHERE _id = 40; UPDATE things SET at = NOW() WHERE _id = 41; UPDATE things SET name = UPPER(name) WHERE _id = 42; DELETE FROM things WHERE _id = 43; INSERT INTO things (_id) VALUES (-7)",
    found: [changed("40"), changed("41"), changed("42"), missing("43"), extra("-7")],
  },
  {
    title: "rows of keys that are text",
    table: "words",
    sql: "UPDATE words SET n = n + 100",
    found: words.map((word) => changed(latin1(word))),
  },
  {
    title: "a key of text in other case",
    table: "words",
    sql: "UPDATE words SET _id = 'SS' WHERE _id = 'ss'",
    found: [missing("ss"), extra("SS")],
  },
  {
    title: "rows of keys that are doubles",
    table: "doubles",
    sql: "UPDATE doubles SET twice = 0",
    found: ["0.1", "0.3333333333333333", "1e+300", "-5e-324", "2", "123456789.125"].map((k) => changed(k)),
  },
  {
    title: "rows of keys that are bytes",
    table: "blobs",
    sql: "UPDATE blobs SET n = 7; DELETE FROM blobs WHERE _id = X'FF0020'; INSERT INTO blobs (_id) VALUES (X'FF0021')",
    found: [
      ...[0, 1, 2, 39, 92].map((n) => changed(base64(n, 0, 32))),
      missing(base64(255, 0, 32)),
      extra(base64(255, 0, 33)),
    ],
  },
  {
    title: "rows of keys that are times",
    table: "times",
    sql: "UPDATE times SET n = 9",
    found: ["1970-01-01 00:00:00.001", "1970-01-01 00:00:01.000", "2023-11-14 22:13:20.123"].map((k) =>
      changed(k),
    ),
  },
  {
    title: "a table that is named as repairs are",
    table: "repair",
    sql: "DELETE FROM `repair` WHERE _id = 2",
    found: [missing("2")],
  },
];

export function latin1(text: string): string {
  return Buffer.from(text).toString("latin1");
}

function base64(...bytes: readonly number[]): string {
  return Buffer.from(bytes).toString("base64");
}
