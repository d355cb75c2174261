import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readMysqlManifest, type MysqlManifest } from "@firebreak/archive";
import { expect, test } from "vitest";
import { writeArchive, type CollectionRecipe } from "@firebreak/testing/archives/write-archive";
import { well } from "@firebreak/testing/recipes/outcome";
import { folder } from "@firebreak/testing/archives/folder";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { writeDelta } from "@firebreak/testing/deltas/write-delta";

const int = (n: number): string => `{"$numberInt":"${n}"}`;
const index = (name: string, key: string, more = ""): string =>
  `{"v":${int(2)},"key":${key},"name":"${name}"${more}}`;
const ID = index("_id_", `{"_id":${int(1)}}`);
const USERS = { kind: "user", name: "*", reason: "not-in-archive" };

async function transformedArchive(
  archive: string,
  collections: readonly CollectionRecipe[],
): Promise<MysqlManifest> {
  await mkdir(archive, { recursive: true });
  await writeArchive(archive, collections);
  await well(transformed(archive));
  return (await readMysqlManifest(join(archive, "mysql"))).manifest;
}

test("what a table does not get of its collection stands in the manifest, views and users with their database", async () => {
  await using place = await folder();
  const { namespaces, tables, databases } = await transformedArchive(join(place.path, "archive"), [
    {
      collection: "orders",
      options: `{"capped":true,"size":${int(4096)},"validator":{"a":${int(1)}},"clusteredIndex":{"unique":true}}`,
      indexes: [
        ID,
        index("a_1", `{"a":${int(1)}}`),
        index("items.sku_1", `{"items.sku":${int(1)}}`),
        index("words", '{"_fts":"text","_ftsx":1}'),
        index("at_1", `{"at":${int(1)}}`, `,"expireAfterSeconds":${int(60)}`),
      ],
      parts: [[`{"_id":${int(1)},"a":${int(1)},"at":{"$date":{"$numberLong":"0"}},"items":[]}`]],
    },
    { collection: "recent", kind: "view", options: '{"viewOn":"orders","pipeline":[]}', parts: [] },
  ]);
  expect(namespaces).toMatchObject([
    {
      namespace: "db.orders",
      notCarried: [
        { kind: "index", name: "items.sku_1", reason: "inside-document", detail: "items.sku" },
        { kind: "index", name: "words", reason: "index-kind", detail: "text" },
        { kind: "index", name: "at_1", reason: "no-expiry" },
        { kind: "option", name: "capped", reason: "no-counterpart" },
        { kind: "option", name: "size", reason: "no-counterpart" },
        { kind: "option", name: "validator", reason: "no-counterpart" },
      ],
    },
  ]);
  expect(tables).toMatchObject([{ indexes: [{ name: "a_1" }, { name: "at_1" }], notCarried: [] }]);
  expect(databases).toEqual([
    { database: "db", notCarried: [{ kind: "view", name: "recent", reason: "pipeline" }, USERS] },
  ]);
});

test("an index that was made before a delta is made with the delta", async () => {
  await using place = await folder();
  const [base, delta] = [join(place.path, "full"), join(place.path, "delta")];
  const line = (n: number): string => `{"_id":${int(n)},"a":${int(n)},"b":${int(n)}}`;
  await transformedArchive(base, [
    { collection: "c", indexes: [ID, index("a_1", `{"a":${int(1)}}`)], parts: [[line(1)]] },
  ]);
  const indexes = [ID, index("a_1", `{"a":${int(1)}}`), index("b_1", `{"b":${int(1)}}`)];
  await writeDelta(delta, base, [{ collection: "c", change: "changed", upserts: [line(2)], indexes }]);
  await well(transformed(delta));
  const { namespaces, databases, tables } = (await readMysqlManifest(join(delta, "mysql"))).manifest;
  expect(namespaces).toMatchObject([{ notCarried: [] }]);
  expect(databases).toEqual([{ database: "db", notCarried: [USERS] }]);
  const statement = "CREATE INDEX `b_1` ON `c` (`b`)";
  expect(tables[0]!.indexes.map(({ name }) => name)).toEqual(["a_1", "b_1"]);
  expect(tables[0]!.alter).toEqual([statement]);
});
