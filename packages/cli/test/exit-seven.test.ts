import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Faults as GenericFaults } from "../src/messages/codes.ts";
import type { Message } from "@firebreak/profile";
import { english } from "../src/messages/en/english.ts";
import { wildfirechatEntry } from "../../profile-wildfirechat/src/entry.ts";
import type { ProfileFaults } from "../../profile-wildfirechat/src/profile-faults.ts";

type Faults = GenericFaults & ProfileFaults;

/** The section of the profile, whose faults are among these. */
const chat = wildfirechatEntry.texts.en(english.phrases);

/** The promise of a message: another run helps at once, after the named cause is mended, or not at all. */
type Again = "now" | "when mended" | "not as it is";

interface Case<C extends keyof Faults> {
  readonly fields: Faults[C];
  /** The names of fields that the message has to say. */
  readonly says: readonly (keyof Faults[C] & string)[];
  readonly again: Again;
}

const server = "db.example:3306";
const reason = "Table 'shop.sales' is marked as crashed";
const part = "source/shop/sales/00003.ndjson.zst";
const table = "sales";
const namespace = "shop.sales";
const object = "shop.sales";
const asked = { server, object, statement: "ALTER TABLE `sales` ADD INDEX `ix` (`a`)", reason };
const ASKED = ["server", "object", "statement", "reason"] as const;

const RUN_AGAIN = /\brun (?:the same command|it|load|the transform)\b.*\bagain\b/i;

/** Each way in which a message of exit code 7 can be told, with the object that it is about. */
const CASES: { readonly [C in keyof Faults]?: readonly Case<C>[] } = {
  "folder-lock-lost": [{ fields: { file: "a/export.lock" }, says: ["file"], again: "when mended" }],
  "disk-full": [{ fields: { file: part }, says: ["file"], again: "when mended" }],
  "disk-failed": [{ fields: { file: part, reason }, says: ["file", "reason"], again: "when mended" }],
  "snapshot-lost": [
    {
      fields: { server, namespace, reason },
      says: ["server", "namespace", "reason"],
      again: "now",
    },
  ],
  "source-redefined": [{ fields: { server, name: namespace }, says: ["server", "name"], again: "now" }],
  "table-unreadable": [
    {
      fields: { server, namespace, reason },
      says: ["server", "namespace", "reason"],
      again: "when mended",
    },
  ],
  "replay-overtaken": [{ fields: { table, part }, says: ["table", "part"], again: "now" }],
  "engine-rows": [{ fields: { table, expected: 3, found: 2 }, says: ["table"], again: "when mended" }],
  "engine-refused": [
    {
      fields: { server, namespace, engine: "ARCHIVE", reason },
      says: ["server", "namespace", "engine", "reason"],
      again: "not as it is",
    },
  ],
  "direct-refused": [
    {
      fields: { server, namespace, engine: "MyISAM", part, reason },
      says: ["server", "namespace", "engine", "part", "reason"],
      again: "not as it is",
    },
  ],
  "flyway-moved": [
    {
      fields: { database: "chat", before: "67", after: undefined },
      says: ["database", "before"],
      again: "when mended",
    },
    {
      fields: { database: "chat", before: "67", after: "68" },
      says: ["database", "before", "after"],
      again: "not as it is",
    },
  ],
  "quarantine-full": [
    { fields: { table, part, reason, max: 9 }, says: ["table", "part", "reason"], again: "when mended" },
  ],
  "repair-refused": [
    { fields: { table, part, reason }, says: ["table", "part", "reason"], again: "not as it is" },
  ],
  "repair-rows": [{ fields: { table, expected: 3, found: 2 }, says: ["table"], again: "not as it is" }],
  "documents-refused": [
    {
      fields: { namespace, part, count: 2, reason },
      says: ["namespace", "part", "reason"],
      again: "when mended",
    },
  ],
  "delta-alter-short": [
    { fields: { table, columns: ["a"] }, says: ["table", "columns"], again: "when mended" },
  ],
  "delta-rows": [{ fields: { table, expected: 3, found: 2 }, says: ["table"], again: "when mended" }],
  "mongodb-unreachable": [
    { fields: { server, object, reason }, says: ["server", "object", "reason"], again: "when mended" },
  ],
  "mongodb-failed": [
    {
      fields: { server, object, reason, canPass: true },
      says: ["server", "object", "reason"],
      again: "now",
    },
    {
      fields: { server, object, reason, canPass: false },
      says: ["server", "object", "reason"],
      again: "not as it is",
    },
  ],
  "change-stream-stalled": [
    { fields: { server, minutes: 10 }, says: ["server", "minutes"], again: "when mended" },
  ],
  "lock-lost": [
    { fields: { server, databases: ["shop"] }, says: ["server", "databases"], again: "when mended" },
  ],
  "collection-refused": [
    { fields: { namespace, reason }, says: ["namespace", "reason"], again: "not as it is" },
  ],
  "indexes-refused": [{ fields: { namespace, reason }, says: ["namespace", "reason"], again: "when mended" }],
  "mysql-unreachable": [{ fields: asked, says: ASKED, again: "when mended" }],
  "mysql-disk-full": [{ fields: asked, says: ASKED, again: "when mended" }],
  "mysql-lost": [{ fields: asked, says: ASKED, again: "now" }],
  "mysql-busy": [{ fields: asked, says: ASKED, again: "now" }],
  "mysql-failed": [
    { fields: { ...asked, canPass: true }, says: ASKED, again: "now" },
    { fields: { ...asked, canPass: false }, says: ASKED, again: "not as it is" },
  ],
  "mysql-data": [{ fields: { ...asked, errno: 1062 }, says: ASKED, again: "not as it is" }],
  "mysql-lock-lost": [
    { fields: { server, databases: ["shop"] }, says: ["server", "databases"], again: "now" },
  ],
};

/** The codes that a package's table gives exit code 7. */
function codesOfSeven(): string[] {
  const packages = join(import.meta.dirname, "..", "..");
  return globSync("*/src/**/*-faults.ts", { cwd: packages }).flatMap((file) => {
    const text = readFileSync(join(packages, file), "utf8");
    return [...text.matchAll(/^ {2}"([a-z-]+)": 7,$/gm)].map((found) => found[1]!);
  });
}

test("every fault with exit code 7 is among these cases", () => {
  const codes = codesOfSeven();
  expect(codes.length).toBeGreaterThan(20);
  expect(Object.keys(CASES).sort()).toEqual(codes.sort());
});

const all = Object.entries(CASES).flatMap(([code, cases]) =>
  (cases as readonly Case<keyof Faults>[]).map((one) => ({ code: code as keyof Faults, ...one })),
);

test.each(all)("$code names its object, and says whether another run helps ($again)", (one) => {
  const texts: Readonly<Record<string, unknown>> = { ...english.faults, ...chat.faults };
  const { problem, remedy } = (texts[one.code] as (fields: object) => Message)(one.fields);
  for (const field of one.says)
    expect(problem).toContain(String((one.fields as Readonly<Record<string, unknown>>)[field]));
  switch (one.again) {
    case "now":
      return expect(remedy).toMatch(/^Run the same command again/);
    case "when mended":
      expect(remedy).not.toMatch(/^Run the same command again(?: now)?[.:]/);
      return expect(remedy).toMatch(RUN_AGAIN);
    case "not as it is":
      return expect(remedy).not.toMatch(RUN_AGAIN);
  }
});
