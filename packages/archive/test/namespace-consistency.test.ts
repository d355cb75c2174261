import { expect, test } from "vitest";
import type { SourceNamespace } from "../src/manifest/source-manifest.ts";
import { withConsistency } from "../src/system-collections.ts";

const named = (database: string, rest: Partial<SourceNamespace> = {}): SourceNamespace => ({
  namespace: `${database}.c`,
  database,
  collection: "c",
  kind: "collection",
  directory: `source/${database}/c`,
  documentCount: 0,
  lineCount: 0,
  metadata: { file: "collection.json", bytes: 0, sha256: "" },
  parts: [],
  ...rest,
});

test("in an archive of one moment the namespaces that no change stream tells of are of none", () => {
  const all = ["admin", "config", "local", "shop"].map((database) => named(database));
  const stated = withConsistency(all, { source: { kind: "mongodb" }, consistency: "snapshot" });
  expect(stated.map(({ database, consistency }) => [database, consistency])).toEqual([
    ["admin", "document"],
    ["config", "document"],
    ["local", "document"],
    ["shop", undefined],
  ]);
});

test("where the archive is of no one moment, or of MySQL, a namespace says nothing else", () => {
  const admin = [named("admin", { consistency: "document" })];
  for (const facts of [
    { source: { kind: "mongodb" }, consistency: "document" },
    { source: { kind: "mysql" }, consistency: "snapshot" },
  ] as const)
    expect(withConsistency(admin, facts)).toEqual([named("admin")]);
});
