import { expect, test } from "vitest";
import { versionProblems } from "../src/known-problems.ts";

const SOURCE = { version: "8.0.4", isReplicaSet: true };
const TARGET = { version: "8.4.0", isMariadb: false, major: 8, minor: 4 };
const codes = (source: typeof SOURCE, target: typeof TARGET): string[] =>
  versionProblems(source, target).map(({ code, fields }) => `${code} ${JSON.stringify(fields)}`);

test("versions without known problems have no finding", () => {
  expect(codes(SOURCE, TARGET)).toEqual([]);
});

test("a replica set before 5.0 has no reads of one moment; nobody expects them of a standalone", () => {
  const old = { version: "4.4.29", isReplicaSet: true };
  expect(codes(old, TARGET)).toEqual(['no-snapshots {"version":"4.4.29"}']);
  expect(codes({ ...old, isReplicaSet: false }, TARGET)).toEqual([]);
});

test("MariaDB and MySQL 9.7 have problems of their own", () => {
  const mariadb = { version: "11.8.2-MariaDB", isMariadb: true, major: 11, minor: 8 };
  expect(codes(SOURCE, mariadb)).toEqual(['mariadb-values {"version":"11.8.2-MariaDB"}']);
  const mysql = { version: "9.7.4", isMariadb: false, major: 9, minor: 7 };
  expect(codes(SOURCE, mysql)).toEqual(['processlist-fails {"version":"9.7.4"}']);
});
