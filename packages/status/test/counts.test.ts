import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EMPTY_DIGEST } from "@firebreak/items";
import {
  listFolder,
  writeManifest,
  type MongodbManifest,
  type MysqlManifest,
  type SourceManifest,
} from "@firebreak/archive";
import {
  emptyTable,
  mysqlManifestOf,
  partOf,
  sourceNamespace,
} from "@firebreak/testing/archives/made-manifest";
import { manifestOf } from "@firebreak/testing/archives/manifest-of";
import { statusText } from "../../cli/src/messages/en/status.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { archiveStatus, type StatusEvent, type StatusFacts } from "../src/index.ts";
import { quarantinedOnce, targetStateOf } from "../src/target-state.ts";

type Made = MysqlManifest | MongodbManifest;

/** Of manifests alone: status looks at no part. */
async function statusOf(
  source: SourceManifest,
  made: Made,
): Promise<{ facts: StatusFacts; accounts: readonly unknown[] }> {
  await using place = await folder();
  const archive = place.path;
  const kind = made.format === "firebreak-mysql" ? "mysql" : "mongodb";
  const into = join(archive, kind);
  await writeManifest(archive, source);
  const { sha256: sourceManifestSha256 } = await listFolder(archive, "firebreak-archive");
  await mkdir(into);
  await writeManifest(into, { ...made, sourceManifestSha256 });
  const events: StatusEvent[] = [];
  for await (const event of archiveStatus({ archive, kind, folder: into })) events.push(event);
  const [facts, account] = events;
  if (facts?.kind !== "status" || account?.kind !== "account") throw new Error("no status");
  return { facts, accounts: account.accounts };
}

const source = manifestOf([sourceNamespace({ parts: [partOf("source/d/c/00000.ndjson.zst", 12)] })]);
const made = {
  quarantine: [partOf("quarantine/c/00000.ndjson.zst", 2)],
  listed: [partOf("listed/c/00000.ndjson.zst", 7), partOf("listed/c/00001.ndjson.zst", 9)],
};

const delta = { baseSha256: "1".repeat(64), chainSha256: "1".repeat(64), number: 1 };
const changed = manifestOf(
  [
    sourceNamespace({
      change: "changed",
      parts: [partOf("source/d/c/00000.ndjson.zst", 3)],
      deletes: [partOf("source/d/c/deletes-00000.ndjson.zst", 5)],
      expired: [partOf("source/d/c/expired-00000.ndjson.zst", 6)],
    }),
  ],
  { formatVersion: 2, delta: { ...delta, by: "change-stream" } },
);

describe("status counts", () => {
  test("rows without the lines that are listed or in quarantine, and those in quarantine", async () => {
    const tables = [{ ...emptyTable, parts: [partOf("c/00000.csv.zst", 6), partOf("c/00001.csv.zst", 4)] }];
    const { facts, accounts } = await statusOf(source, mysqlManifestOf({ ...made, tables }));
    expect(facts).toMatchObject({
      exported: { sizes: { lines: 12, parts: 1, bytes: 125 } },
      transformed: {
        tables: 1,
        quarantined: 2,
        rows: { lines: 10, parts: 2, plainBytes: 1000, files: 5, bytes: 280 },
      },
    });
    expect(accounts).toMatchObject([{ documents: 12, lines: 12, quarantined: 2 }]);
    expect(statusText(facts)).toContain("complete: 10 rows of 1 table, 2 in quarantine, 2 parts,");
  });

  test("documents for a MongoDB likewise", async () => {
    const { namespaces, ...manifest } = mysqlManifestOf({ ...made, tables: [] });
    const collection = {
      database: "d",
      collection: "c",
      namespace: "d.c",
      digest: EMPTY_DIGEST,
      metadata: { file: "d/c/collection.json", bytes: 5, sha256: "0".repeat(64) },
      largestDocumentBytes: 0,
      notCarried: [],
      parts: [partOf("d/c/00000.ndjson.zst", 10)],
    };
    const { run, profile, sourceManifestSha256 } = manifest;
    const { facts } = await statusOf(source, {
      format: "firebreak-mongodb",
      formatVersion: 1,
      sourceManifestSha256,
      profile,
      run,
      namespaces,
      collections: [collection],
    });
    expect(facts.transformed).toMatchObject({ tables: 1, quarantined: 2, rows: { lines: 10, parts: 1 } });
  });

  test("of a delta the documents and the keys that are gone, and lines of its own", async () => {
    const tables: MysqlManifest["tables"] = [
      {
        ...emptyTable,
        change: "changed",
        parts: [partOf("00000/rows.csv.zst", 3)],
        keys: [partOf("00000/keys.csv.zst", 8)],
      },
      { ...emptyTable, table: "as-it-was" },
    ];
    // As of a profile: of the whole chain's lines.
    const namespaces = [{ ...mysqlManifestOf({ ...made, tables }).namespaces[0]!, lineCount: 400 }];
    const { facts, accounts } = await statusOf(
      changed,
      mysqlManifestOf({ ...made, tables, namespaces, delta, formatVersion: 2 }),
    );
    expect(facts).toMatchObject({
      exported: { delta: 1, deletes: 11, sizes: { lines: 3, parts: 1 } },
      transformed: { tables: 1, keys: 8, quarantined: 2, rows: { lines: 3, parts: 1 } },
    });
    expect(accounts).toMatchObject([{ documents: 3, lines: 3, deletes: 11, expired: 6, quarantined: 2 }]);
    const text = statusText(facts);
    expect(text).toContain("delta 1 of its chain: 3 lines and 11 deleted keys of 1 namespace, 1 part,");
    expect(text).toContain(
      "complete: 3 rows and 8 keys to delete first of 1 table, 2 in quarantine, 1 part,",
    );
  });

  test("of a target what transform set aside once, and what the target refused beside it", () => {
    const quarantined = quarantinedOnce([{ namespace: "d.c", quarantinedCount: 438 }]);
    const table = { namespace: "d.c", database: "d", rowCount: 3, parts: [partOf("c/00000.csv.zst", 3)] };
    const arrival = { plainSha256: "0".repeat(64), loadedAtMs: 0, rowCount: 1, quarantinedCount: 2 };
    const target = targetStateOf(
      "server",
      [
        { ...table, table: "c", quarantined: quarantined("d.c") },
        { ...table, table: "c-2", parts: [], rowCount: 0, quarantined: quarantined("d.c") },
      ],
      [
        {
          database: "d",
          loadConnection: undefined,
          repairs: 0,
          nowMs: 0,
          arrivals: [{ ...arrival, table: "c", part: "c/00000.csv.zst" }],
        },
      ],
    );
    expect(target.tables).toMatchObject([
      { table: "c", loaded: 1, quarantined: 438, quarantinedAtLoad: 2, parts: 1 },
      { table: "c-2", quarantined: 0, quarantinedAtLoad: 0 },
    ]);
  });
});
