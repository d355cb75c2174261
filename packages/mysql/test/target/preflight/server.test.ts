import { expect, test } from "vitest";
import type { ServerFacts } from "../../../src/index.ts";
import { serverFindings } from "../../../src/target/preflight/server.ts";
import { items } from "./items.ts";

const facts: ServerFacts = {
  version: "8.0.17",
  isMariadb: false,
  major: 8,
  minor: 0,
  patch: 17,
  hasLocalInfile: true,
  readOnlyBy: [],
  forceRecovery: 0,
  hasInnodb: true,
  pageBytes: 16_384,
  maxAllowedPacket: 64 << 20,
  lowerCaseTableNames: 0,
  requiresPrimaryKey: false,
  binlog: undefined,
  replicaCount: 0,
  hostname: "db",
  dataFolder: "/var/lib/mysql/",
};

test.each([
  [{}, false],
  [{ patch: 16 }, true],
  [{ major: 5, minor: 7, patch: 44 }, true],
  [{ major: 9, minor: 0, patch: 0 }, false],
  [{ isMariadb: true, major: 10, minor: 5, patch: 29 }, true],
  [{ isMariadb: true, major: 10, minor: 6, patch: 0 }, false],
  [{ isMariadb: true, major: 11, minor: 0, patch: 2 }, false],
] as const)("a version (%j) is old: %s", (version, isOld) => {
  expect(serverFindings({ ...facts, ...version }, []).map((f) => f.what)).toEqual(
    isOld ? ["server-old"] : [],
  );
});

test("a table without a key is refused only where the server takes none", () => {
  const keyless = items({ keyColumns: [] });
  expect(serverFindings(facts, [keyless])).toEqual([]);
  expect(
    serverFindings({ ...facts, requiresPrimaryKey: true }, [keyless, items({ table: "keyed" })]),
  ).toEqual([{ what: "keyless", table: "items" }]);
});

test("a table whose rows are those of other tables is refused", () => {
  const own = { engine: "MRG_MyISAM", generatedColumns: [], uniqueIndexes: [], hasOddDates: false };
  expect(serverFindings(facts, [items({ own }), items({ own: { ...own, engine: "MyISAM" } })])).toEqual([
    { what: "rows-elsewhere", table: "items", engine: "MRG_MyISAM" },
  ]);
});
