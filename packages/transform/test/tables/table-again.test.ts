import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import type { MysqlManifest } from "@firebreak/archive";
import { expect, test } from "vitest";
import { writeArchive } from "@firebreak/testing/archives/write-archive";
import { well } from "@firebreak/testing/recipes/outcome";
import { folder } from "@firebreak/testing/archives/folder";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { metadataOptions } from "../../src/collections/table-metadata.ts";
import { column, sourceTable } from "../support/source-table.ts";

const int = (value: number): string => `{"$numberInt":"${value}"}`;
const table = sourceTable([column("id"), column("n", { isNullable: true })], ["id"], {
  createStatement: "CREATE TABLE `users` (\n  `id` int NOT NULL,\n  `n` int DEFAULT NULL\n) ENGINE=InnoDB",
});

const optionsOf = (collection: string): string =>
  metadataOptions({
    firebreak: 1,
    database: "shop",
    name: "users",
    target: { database: "shop", collection },
    key: ["id"],
    renamed: {},
    table,
  });

async function manifestOf(archive: string): Promise<MysqlManifest> {
  return JSON.parse(await readFile(join(archive, "mysql", "manifest.json"), "utf8")) as MysqlManifest;
}

test("documents that are no row of their table any more go to quarantine, each with its field and reason", async () => {
  await using place = await folder();
  const archive = join(place.path, "archive");
  await mkdir(archive);
  await writeArchive(archive, [
    {
      collection: "users",
      options: optionsOf("users"),
      parts: [
        [
          `{"_id":${int(1)},"n":${int(7)}}`,
          `{"_id":${int(2)},"n":"seven"}`,
          `{"_id":${int(3)}}`,
          `{"_id":${int(4)},"n":null,"m":${int(1)}}`,
          `{"_id":{"$oid":"0102030405060708090a0b0c"},"n":null}`,
          `{"_id":${int(5)},"n":null,"id":${int(5)}}`,
          `{"n":null,"_id":${int(6)}}`,
        ],
      ],
    },
  ]);
  expect((await transformed(archive)).ending).toBe("short");
  const { tables, namespaces } = await manifestOf(archive);
  expect(tables).toMatchObject([
    { table: "users", keyColumns: ["id"], createTable: table.createStatement, digest: { rowCount: 2 } },
  ]);
  const file = namespaces[0]!.quarantine[0]!.file;
  const lines = zstdDecompressSync(await readFile(join(archive, "mysql", file))).toString();
  const found = lines
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { line: number; reason: string; field: string });
  expect(found.map(({ line, reason, field }) => [line, reason, field])).toEqual([
    [2, "value-foreign", "n"],
    [3, "field-missing", "n"],
    [4, "field-unknown", "m"],
    [5, "value-foreign", "id"],
    [6, "value-foreign", "id"],
  ]);
});

test("a collection that has another name than its table's is like any other, and so is one with options of others", async () => {
  await using place = await folder();
  const archive = join(place.path, "archive");
  await mkdir(archive);
  const parts = [[`{"_id":${int(1)},"n":${int(7)}}`]];
  await writeArchive(archive, [
    { collection: "copy", options: optionsOf("users"), parts },
    {
      collection: "strict",
      options: '{"validator":{"$jsonSchema":{"description":"{\\"firebreak\\":1}"}}}',
      parts,
    },
    { collection: "plain", options: '{"validator":{"n":{"$gt":{"$numberInt":"1"}}}}', parts },
  ]);
  await well(transformed(archive));
  const { tables } = await manifestOf(archive);
  expect(tables.map((t) => [t.table, t.columns.map((c) => c.name)])).toEqual(
    ["copy", "strict", "plain"].map((name) => [name, ["_id", "n", "_extra"]]),
  );
});
