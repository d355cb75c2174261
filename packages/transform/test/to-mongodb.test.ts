import { readFile } from "node:fs/promises";
import { packed, extracted } from "@firebreak/testing/recipes/bundled";
import { inspected } from "@firebreak/testing/recipes/inspected";
import { join } from "node:path";
import { deserialize, EJSON, serialize } from "bson";
import { hash } from "node:crypto";
import { TableDigest } from "@firebreak/items";
import { expect, test } from "vitest";
import { writeArchive } from "@firebreak/testing/archives/write-archive";
import { well } from "@firebreak/testing/recipes/outcome";
import { folder } from "@firebreak/testing/archives/folder";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { verified } from "@firebreak/testing/recipes/verified";
import { linesOf, mongodbManifest, writeMysqlArchive } from "./support/mysql-archive.ts";
import { column, sourceTable } from "./support/source-table.ts";

const int = (value: number): string => `{"$numberInt":"${value}"}`;
const text = { sqlType: "text", dataType: "text", isNullable: true };
const generic = (name: string, kind: string, changes = {}) =>
  column(name, { ...text, comment: `firebreak: ${kind}`, ...changes });

test("rows of a table become documents with its key as _id, and all that was known of the table", async () => {
  await using place = await folder();
  const archive = join(place.path, "archive");
  const table = sourceTable([column("id"), column("name", text)], ["id"], {
    indexes: [
      { name: "by_name", isUnique: false, type: "BTREE", columns: [{ name: "name", isDescending: true }] },
    ],
  });
  await writeMysqlArchive(archive, [
    {
      name: "users",
      table,
      parts: [
        [`{"id":${int(1)},"name":"Ada"}`, `{"id":${int(2)},"name":null}`],
        [`{"id":${int(3)},"name":"héé"}`],
      ],
    },
  ]);
  await well(transformed(archive));
  const { collections, namespaces } = await mongodbManifest(archive);
  expect(namespaces).toMatchObject([
    { namespace: "shop.users", lineCount: 3, mappedCount: 3, quarantinedCount: 0 },
  ]);
  expect(collections).toMatchObject([{ database: "shop", collection: "users", notCarried: [] }]);
  const [users] = collections;
  const lines = [
    ...(await linesOf(archive, users!.parts[0]!.file)),
    ...(await linesOf(archive, users!.parts[1]!.file)),
  ];
  expect(lines).toEqual([
    `{"_id":${int(1)},"name":"Ada"}`,
    `{"_id":${int(2)},"name":null}`,
    `{"_id":${int(3)},"name":"héé"}`,
  ]);

  const digest = new TableDigest();
  const sizes = lines.map((line) => {
    const bson = serialize(EJSON.parse(line, { relaxed: false }));
    digest.add(hash("sha256", bson, "buffer"));
    return bson.length;
  });
  expect(users).toMatchObject({ digest: digest.toPlain(), largestDocumentBytes: Math.max(...sizes) });

  const { options, indexes } = JSON.parse(
    await readFile(join(archive, "mongodb", users!.metadata.file), "utf8"),
  ) as {
    options: { validator: { $jsonSchema: { description: string } }; validationLevel: string };
    indexes: unknown[];
  };
  expect(options.validationLevel).toBe("off");
  expect(JSON.parse(options.validator.$jsonSchema.description)).toEqual({
    firebreak: 1,
    database: "shop",
    name: "users",
    target: { database: "shop", collection: "users" },
    key: ["id"],
    renamed: {},
    table,
  });
  expect(indexes).toMatchObject([{ name: "_id_" }, { name: "by_name", key: { name: { $numberInt: "-1" } } }]);
  await well(verified(archive));
});

test("a table without a key gets the same ObjectIds on every run, one for each row", async () => {
  await using place = await folder();
  const archive = join(place.path, "archive");
  const line = `{"a":${int(1)}}`;
  await writeMysqlArchive(archive, [
    { name: "log", table: sourceTable([column("a")], []), parts: [[line, line], [line]] },
    { name: "log2", table: sourceTable([column("a")], []), parts: [[line]] },
  ]);
  const idsOf = async (): Promise<string[]> => {
    await well(transformed(archive));
    const { collections } = await mongodbManifest(archive);
    const files = collections.flatMap((c) => c.parts.map((p) => p.file));
    const lines = (await Promise.all(files.map((file) => linesOf(archive, file)))).flat();
    return lines.map((l) => (JSON.parse(l) as { _id: { $oid: string } })._id.$oid);
  };
  const first = await idsOf();
  expect(new Set(first).size).toBe(4);
  for (const id of first) expect(id).toMatch(/^[0-9a-f]{24}$/);
  expect(await idsOf()).toEqual(first);
});

test("what a row cannot be a document for goes to quarantine with its reason, field and line", async () => {
  await using place = await folder();
  const archive = join(place.path, "archive");
  const half = "x".repeat(8 << 20);
  const table = sourceTable(
    [
      generic("_id", "int32", { sqlType: "int", dataType: "int" }),
      generic("is", "boolean"),
      generic("at", "date"),
      generic("deep", "nested"),
      generic("_extra", "extra"),
    ],
    ["_id"],
    { comment: "firebreak: collection things" },
  );
  const row = (id: number, changes: Record<string, string> = {}): string => {
    const fields = { is: "null", at: "null", deep: "null", _extra: "null", ...changes };
    return `{"_id":${int(id)}${Object.entries(fields)
      .map(([name, value]) => `,"${name}":${value}`)
      .join("")}}`;
  };
  await writeMysqlArchive(archive, [
    {
      name: "big",
      table: sourceTable([column("id"), column("short", text), column("a", text), column("b", text)], ["id"]),
      parts: [
        [
          `{"id":${int(1)},"short":"s","a":"${half}","b":"${half}more"}`,
          `{"id":${int(2)},"short":"s","a":"${half}","b":"small"}`,
        ],
      ],
    },
    {
      name: "things",
      table,
      parts: [
        [
          row(1, { is: int(1), deep: JSON.stringify('{"a":[]}'), _extra: JSON.stringify('{"n":null}') }),
          row(2, { is: int(2) }),
          row(3, { at: '"0000-00-00 00:00:00.000"' }),
          row(4, { deep: JSON.stringify('{"a":1}') }),
          row(5, { deep: JSON.stringify('[],"b":"c"') }),
          row(6, { _extra: '"{no"' }),
          row(7, { is: int(0), _extra: JSON.stringify('{"is":"yes"}') }),
          row(8, { _extra: JSON.stringify('{"n":5}') }),
          row(9),
        ],
      ],
    },
  ]);
  const made = await transformed(archive, { to: "mongodb" });
  expect(made.ending, made.text).toBe("short");
  expect(made.accounts).toMatchObject([
    { namespace: "shop.big", lines: 2, quarantined: 1 },
    { namespace: "shop.things", lines: 9, quarantined: 7 },
  ]);
  const { namespaces, collections } = await mongodbManifest(archive);
  const set = (
    await Promise.all(namespaces.flatMap((n) => n.quarantine.map((q) => linesOf(archive, q.file))))
  ).flat();
  expect(
    set.map((line) => {
      const {
        line: number,
        reason,
        field,
      } = JSON.parse(line) as { line: number; reason: string; field: string };
      return [number, reason, field];
    }),
  ).toEqual([
    [1, "document-too-large", "b"],
    [2, "value-unfit", "is"],
    [3, "value-unfit", "at"],
    [4, "value-unfit", "deep"],
    [5, "value-unfit", "deep"],
    [6, "extra-unreadable", "_extra"],
    [7, "field-twice", "is"],
    [8, "value-unfit", "n"],
  ]);
  expect(JSON.parse(set[1]!)).toMatchObject({
    namespace: "shop.things",
    part: "source/shop/things/00000.ndjson.zst",
    document: row(2, { is: int(2) }),
  });
  expect(await linesOf(archive, collections[1]!.parts[0]!.file)).toEqual([
    `{"_id":${int(1)},"is":true,"deep":{"a":[]},"n":null}`,
    `{"_id":${int(9)}}`,
  ]);
  const verify = await verified(archive);
  expect(verify.ending, verify.text).toBe("short");
});

test("a document of exactly 16 MiB is one", async () => {
  await using place = await folder();
  const archive = join(place.path, "archive");
  // Length 4, _id int32 9, "a": type 1, name 2, length 4, text, zero 1, end 1.
  const largest = "x".repeat((16 << 20) - 4 - 9 - 1 - 2 - 4 - 1 - 1);
  await writeMysqlArchive(archive, [
    {
      name: "big",
      table: sourceTable([column("id"), column("a", text)], ["id"]),
      parts: [[`{"id":${int(1)},"a":"${largest}"}`, `{"id":${int(2)},"a":"${largest}y"}`]],
    },
  ]);
  expect((await transformed(archive)).ending).toBe("short");
  const { collections, namespaces } = await mongodbManifest(archive);
  expect(collections[0]).toMatchObject({ largestDocumentBytes: 16 << 20, digest: { rowCount: 1 } });
  expect(namespaces[0]).toMatchObject({ mappedCount: 1, quarantinedCount: 1 });
});

test("documents that text cannot say keep their columns, whatever their names", async () => {
  await using place = await folder();
  const archive = join(place.path, "archive");
  // { id: 7, $oid: "text" } has no line but a raw one.
  const raw = Buffer.from(serialize({ id: 7, $oid: "text" })).toString("base64");
  await writeMysqlArchive(archive, [
    {
      name: "odd",
      table: sourceTable([column("id"), column("$oid", text)], ["id"]),
      parts: [[`{"$firebreak":{"bson":"${raw}"}}`]],
    },
  ]);
  await well(transformed(archive));
  const { collections } = await mongodbManifest(archive);
  const [line] = await linesOf(archive, collections[0]!.parts[0]!.file);
  const { $firebreak } = JSON.parse(line!) as { $firebreak: { bson: string } };
  expect(deserialize(Buffer.from($firebreak.bson, "base64"))).toEqual({ _id: 7, $oid: "text" });
  await well(verified(archive));
});

test("views and routines are not carried, and that is said; triggers and indexes without a like are named", async () => {
  await using place = await folder();
  const archive = join(place.path, "archive");
  const routine = { createStatement: "", sqlMode: "", characterSet: "", collation: "" };
  await writeMysqlArchive(
    archive,
    [
      {
        name: "t",
        table: sourceTable([column("id"), column("a", text)], ["id"], {
          triggers: [{ name: "on_t", ...routine }],
          indexes: [
            {
              name: "words",
              isUnique: false,
              type: "FULLTEXT",
              columns: [{ name: "a", isDescending: false }],
            },
          ],
        }),
        parts: [[]],
      },
      { name: "seen", table: sourceTable([column("id")], []), isView: true },
    ],
    {
      procedures: [{ name: "p", ...routine }],
      events: [
        { name: "e", ...routine },
        { name: "f", ...routine },
      ],
    },
  );
  const made = await well(transformed(archive));
  const reason = "no-counterpart";
  const notCarried = [
    { kind: "index", name: "words", reason: "index-kind", detail: "FULLTEXT" },
    { kind: "trigger", name: "on_t", reason },
  ];
  const databases = [
    {
      database: "shop",
      notCarried: [
        { kind: "view", name: "seen", reason },
        { kind: "routine", name: "p", reason },
        { kind: "event", name: "e", reason },
        { kind: "event", name: "f", reason },
        { kind: "user", name: "*", reason: "not-in-archive" },
      ],
    },
  ];
  expect(made).toMatchObject({ accounts: [{ namespace: "shop.t", notCarried }], databases });
  for (const line of [
    "  shop.t: index words (the target has no index of the kind FULLTEXT)",
    "  shop.t: trigger on_t (the target has nothing like it)",
    "  shop: view seen (the target has nothing like it)",
    "  shop: events e, f (the target has nothing like it)",
    "  users, roles and grants: no archive has them; make them in the target by hand",
  ])
    expect(`${made.text}\n`).toContain(`\n${line}\n`);
  const manifest = await mongodbManifest(archive);
  expect(manifest.namespaces).toMatchObject([{ namespace: "shop.t", notCarried }]);
  expect(manifest.databases).toEqual(databases);
  const seen = await well(inspected(archive));
  expect(seen.text).toContain("1 collection, 0 documents, 0 documents in quarantine");
  expect(seen.text).toContain("column       a text");
  expect(seen.text).toContain("not carried  trigger on_t: the target has nothing like it");
});

test("an archive of MongoDB needs no transform for MongoDB: it is refused, and restore named", async () => {
  await using place = await folder();
  const archive = join(place.path, "archive");
  await writeArchive(archive, [{ collection: "c", parts: [[`{"_id":${int(1)}}`]] }]);
  const refused = await transformed(archive, { to: "mongodb" });
  expect(refused.ending, refused.text).toBe("transform-same-kind");
  expect(refused.text).toContain("pnpm restore");
});

test("a bundle carries what was made for MongoDB, and it is whole when it is unpacked", async () => {
  await using place = await folder();
  const archive = join(place.path, "archive");
  const line = `{"id":${int(1)}}`;
  await writeMysqlArchive(archive, [
    { name: "t", table: sourceTable([column("id")], ["id"]), parts: [[line]] },
  ]);
  await well(transformed(archive));
  await well(packed(archive));
  const copy = join(place.path, "copy");
  await well(extracted(`${archive}.bundle`, copy));
  expect(await mongodbManifest(copy)).toEqual(await mongodbManifest(archive));
  await well(verified(copy));
});
