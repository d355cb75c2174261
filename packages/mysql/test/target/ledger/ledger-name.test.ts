import { expect, test } from "vitest";
import {
  isOfChain,
  ledgerName,
  ledgerSubject,
  partOf,
  type LedgerSubject,
} from "../../../src/target/ledger/ledger-name.ts";

const CHAIN = "0123456789abcdef".repeat(4);
const digits = CHAIN.slice(0, 16);

const names: readonly [string, LedgerSubject][] = [
  ["chat/things-00000.csv.zst", { kind: "part", file: "chat/things-00000.csv.zst" }],
  [`delta/${digits}/2`, { kind: "delta-table", chain: digits, number: 2 }],
  [`delta/${digits}/2/a/b.csv`, { kind: "delta-part", chain: digits, number: 2, file: "a/b.csv" }],
  [`archive/${digits}/0`, { kind: "link", chain: digits, number: 0 }],
  [`repair/${digits}`, { kind: "repair", repair: digits }],
  [`restore/${digits}`, { kind: "restore", restore: digits }],
  ["direct/table", { kind: "direct" }],
  // A database may be called like one of our words.
  ["delta/t-00000.csv.zst", { kind: "part", file: "delta/t-00000.csv.zst" }],
  ["archive/0/0", { kind: "part", file: "archive/0/0" }],
  [`archive/${digits}/0/t.csv`, { kind: "part", file: `archive/${digits}/0/t.csv` }],
];
for (const [name, subject] of names)
  test(`the ledger's name ${name} is that of ${subject.kind}`, () => {
    expect(ledgerSubject(name)).toEqual(subject);
    expect(ledgerName(subject)).toBe(name);
  });

test("names are made of whole hashes, and known by their digits", () => {
  expect(ledgerName({ kind: "repair", repair: CHAIN })).toBe(`repair/${digits}`);
  expect(ledgerName(partOf({ chain: CHAIN, number: 0 }, "a.csv"))).toBe("a.csv");
  expect(ledgerName(partOf({ chain: CHAIN, number: 3 }, "a.csv"))).toBe(`delta/${digits}/3/a.csv`);
  expect(isOfChain(ledgerSubject(`delta/${digits}/3`), CHAIN)).toBe(true);
  expect(isOfChain(ledgerSubject(`delta/${digits}/3`), "f".repeat(64))).toBe(false);
  expect(isOfChain(ledgerSubject("a.csv"), CHAIN)).toBe(false);
});
