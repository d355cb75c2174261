import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { worded } from "@firebreak/testing/command-line/worded";
import { folder } from "@firebreak/testing/archives/folder";
import { fileStem } from "../src/file-name.ts";
import { openDump } from "../src/open-dump.ts";
import { readDump } from "@firebreak/testing/dumps/read-dump";
import { writeForms } from "@firebreak/testing/dumps/small-forms";
import { SMALL } from "@firebreak/testing/dumps/small-dump";

let place: Awaited<ReturnType<typeof folder>>;
let plain: string;
let gzipped: string;
beforeAll(async () => {
  place = await folder();
  [plain, gzipped] = (await writeForms(place.path, SMALL)) as [string, string];
});
afterAll(() => place[Symbol.asyncDispose]());

/** A copy to be changed. */
async function copyOf(path: string): Promise<string> {
  const copy = join(await mkdtemp(join(place.path, "copy-")), "dump");
  await cp(path, copy, { recursive: true });
  return copy;
}

/** The entries of its oplog, as hex. */
async function entriesOf(path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entries of (await openDump(path, all)).oplog!.entries())
    found.push(...entries.map((e) => e.toString("hex")));
  return found;
}

const all = { include: [], exclude: [] };
const named = (name: string): (typeof SMALL)[number] => SMALL.find((c) => c.collection === name)!;
const without = (name: string): typeof SMALL => SMALL.filter((c) => c.collection !== name);

describe("the folder of a dump", () => {
  test("is read with and without gzip", async () => {
    expect(await readDump(plain)).toEqual(SMALL);
    expect(await readDump(gzipped)).toEqual(SMALL);
  });

  test("may have some files compressed and others not", async () => {
    const path = await copyOf(plain);
    const file = join(path, "small", "many.bson");
    await writeFile(`${file}.gz`, gzipSync(await readFile(file)));
    await rm(file);
    expect(await readDump(path)).toEqual(SMALL);
  });

  test("has the oplog of a dump made with --oplog", async () => {
    const path = await copyOf(plain);
    expect((await openDump(path, all)).oplog).toBeUndefined();
    await writeFile(join(path, "oplog.bson"), Buffer.from(named("things").documents.join(""), "hex"));
    expect(await readDump(path)).toEqual(SMALL);
    expect(await entriesOf(path)).toEqual(named("things").documents);
    await writeFile(join(path, "oplog.bson.gz"), gzipSync(await readFile(join(path, "oplog.bson"))));
    await rm(join(path, "oplog.bson"));
    expect(await entriesOf(path)).toEqual(named("things").documents);
  });

  test("may be that of one database, also with a collection that is called oplog", async () => {
    const small = SMALL.filter((c) => c.database === "small");
    for (const path of [plain, gzipped]) expect(await readDump(join(path, "small"))).toEqual(small);
    const path = join(await copyOf(plain), "other");
    for (const kind of ["bson", "metadata.json"])
      await rename(join(path, `things.${kind}`), join(path, `oplog.${kind}`));
    expect((await readDump(path)).map((c) => c.documents)).toEqual([named("things").documents]);
    expect((await openDump(path, all)).oplog).toBeUndefined();
  });

  test("may be the file of one collection, with the metadata beside it or without", async () => {
    expect(await readDump(join(plain, "small", "many.bson"))).toEqual([named("many")]);
    expect(await readDump(join(gzipped, "small", "many.bson.gz"))).toEqual([named("many")]);
    expect(await readDump(join(plain, "small", `${fileStem("system.buckets.series")}.bson`))).toEqual([
      named("series"),
    ]);
    const path = await copyOf(plain);
    await rm(join(path, "small", "many.metadata.json"));
    expect(await readDump(join(path, "small", "many.bson"))).toEqual([{ ...named("many"), indexTexts: [] }]);
  });

  test("is read as far as the globs go", async () => {
    expect(await readDump(plain, ["small.[x*", "*.m?ny"])).toEqual([named("many")]);
    const dump = await openDump(plain, { include: [], exclude: ["small.*"] });
    expect(dump.collections.map((c) => c.namespace)).toEqual(["other.things"]);
  });

  test("is read collection by collection", async () => {
    const dump = await openDump(plain, all);
    expect(dump.readingGroups(["small.many", "small.upper"])).toEqual([["small.many"], ["small.upper"]]);
  });

  test("may hold links", async () => {
    const path = join(place.path, "linked");
    await mkdir(path);
    await symlink(join(plain, "other"), join(path, "other"));
    expect(await readDump(path)).toEqual([named("things")]);
  });

  test("has people's collections in admin and config too; of local and of users it says that they are left out", async () => {
    const path = await copyOf(plain);
    for (const system of ["admin", "config", "local"])
      await cp(join(path, "other"), join(path, system), { recursive: true });
    const written = [
      "admin/system.version",
      "admin/system.users",
      "config/transactions",
      "local/oplog.rs",
      "small/system.js",
      "small/system.profile",
      "small/$admin.system.users",
    ];
    for (const file of written) await writeFile(join(path, `${file}.bson`), Buffer.from([5, 0, 0, 0, 0]));
    const things = (database: string): unknown => ({
      ...named("things"),
      database,
      namespace: `${database}.things`,
    });
    expect(await readDump(path)).toEqual([things("admin"), things("config"), ...SMALL]);
    expect((await openDump(path, all)).leftOut).toEqual([
      {
        reason: "access",
        namespaces: ["admin.system.users", "small.$admin.system.users"],
        include: [],
      },
      { reason: "local", namespaces: ["local.things"], include: [] },
      { reason: "functions", namespaces: ["small.system.js"], include: [] },
    ]);
    expect(await readDump(path, ["local.*"])).toEqual([things("local")]);
    expect((await openDump(path, { include: ["admin.*"], exclude: [] })).leftOut).toEqual([
      { reason: "access", namespaces: ["admin.system.users"], include: ["admin.*"] },
      { reason: "server", namespaces: ["admin.system.version"], include: ["admin.*"] },
    ]);
  });

  test("tells of its server where it can", async () => {
    const path = await copyOf(plain);
    expect((await openDump(path, all)).serverVersion).toBeUndefined();
    await writeFile(
      join(path, "other", "prelude.json"),
      '{"ServerVersion":"6.0.5","ToolVersion":"100.18.0"}',
    );
    expect((await openDump(path, all)).serverVersion).toBe("6.0.5");
    await writeFile(join(path, "other", "prelude.json"), "{");
    expect((await openDump(path, all)).serverVersion).toBeUndefined();
  });

  test("with the buckets under the collection's own name is read too, as newer servers are dumped", async () => {
    const path = await copyOf(plain);
    const database = join(path, "small");
    await rename(join(database, "system.buckets.series.bson"), join(database, "series.bson"));
    expect(await readDump(path)).toEqual(SMALL);
  });

  test("gives a collection its true name where those of its files are cut", async () => {
    expect(fileStem("x".repeat(300))).toHaveLength(238);
    expect((await readDump(plain, ["small.xxx*"]))[0]!.collection).toBe("x".repeat(300));
  });
});

describe("what a person should know of a dump", () => {
  const remarksOn = async (path: string): Promise<unknown> => (await openDump(path, all)).remarks;

  test("is nothing where all is as it should be", async () => {
    expect(await remarksOn(plain)).toEqual([]);
  });

  test("is which database it is of, where the name of its folder alone says so", async () => {
    for (const path of [join(plain, "small"), join(gzipped, "small"), join(plain, "small", "many.bson")])
      expect(await remarksOn(path)).toEqual([
        { code: "dump-one-database", fields: { path, database: "small" } },
      ]);
  });

  test("is which files were not read", async () => {
    const path = await copyOf(plain);
    await writeFile(join(path, "README"), "");
    await writeFile(join(path, "small", "many.bson.partial"), "");
    expect(await remarksOn(path)).toEqual([
      { code: "dump-files-unknown", fields: { files: ["README", "small/many.bson.partial"] } },
    ]);
  });

  test("is which collections have no metadata; they are read without options and indexes", async () => {
    const path = await copyOf(plain);
    await rm(join(path, "small", "many.metadata.json"));
    await writeFile(join(path, "small", "upper.metadata.json"), "");
    expect(await remarksOn(path)).toEqual([
      { code: "dump-undescribed", fields: { namespaces: ["small.upper", "small.many"] } },
    ]);
    const found = await readDump(path, ["small.many"]);
    expect(found).toEqual([{ ...named("many"), indexTexts: [] }]);
  });
});

describe("a folder that is refused", () => {
  const openAll = async (path: string): Promise<unknown> => openDump(path, all);

  test("is one that is not there", async () => {
    const path = join(place.path, "nowhere");
    await expect(openAll(path)).rejects.toMatchObject({
      code: "dump-missing",
      exitCode: 5,
      fields: { path },
    });
  });

  test("is one without a dump in it", async () => {
    const path = join(place.path, "empty");
    await mkdir(join(path, "database"), { recursive: true });
    await expect(openAll(path)).rejects.toMatchObject({
      code: "dump-foreign",
      exitCode: 5,
      fields: { path },
    });
    await writeFile(join(path, "database", "holiday.jpg"), "");
    await expect(openAll(path)).rejects.toMatchObject({ code: "dump-foreign" });
  });

  test("is a database's own with another's in it", async () => {
    const path = join(await copyOf(plain), "small");
    await cp(join(plain, "other"), join(path, "other"), { recursive: true });
    await expect(openAll(path)).rejects.toMatchObject({
      code: "dump-mixed",
      exitCode: 5,
      fields: { path, folder: "other" },
    });
  });

  test("is a database's own under a name that no database has", async () => {
    const path = await copyOf(plain);
    await rename(join(path, "small"), join(path, "small.bak"));
    for (const dump of [join(path, "small.bak"), join(path, "small.bak", "many.bson")])
      await expect(openAll(dump)).rejects.toMatchObject({ code: "dump-database-name", exitCode: 5 });
  });

  test("is one with a folder that cannot be a database's", async () => {
    const path = await copyOf(plain);
    await rename(join(path, "other"), join(path, "other.bak"));
    await expect(openAll(path)).rejects.toMatchObject({
      code: "dump-database-name",
      exitCode: 5,
      fields: { path: join(path, "other.bak"), database: "other.bak" },
    });
  });

  test("is one that lacks the documents of a wanted collection", async () => {
    const path = await copyOf(plain);
    const file = join(path, "small", "many.bson");
    await rm(file);
    await expect(openAll(path)).rejects.toMatchObject({
      code: "dump-file-missing",
      exitCode: 5,
      fields: { file, namespace: "small.many" },
    });
    const dump = await openDump(path, { include: [], exclude: ["small.many"] });
    expect(dump.collections).toHaveLength(without("many").length);
  });

  test("is one that lacks the metadata of buckets, which would be lost in silence", async () => {
    const path = await copyOf(plain);
    const file = join(path, "small", "series.metadata.json");
    await rm(file);
    await expect(openAll(path)).rejects.toMatchObject({
      code: "dump-file-missing",
      fields: { file, namespace: "small.series" },
    });
    expect(await readDump(path, ["other.*"])).toEqual([named("things")]);
  });

  test("is one that lacks the metadata of a name that is cut", async () => {
    const path = await copyOf(plain);
    const stem = fileStem("x".repeat(300));
    await rm(join(path, "small", `${stem}.metadata.json`));
    await expect(openAll(path)).rejects.toMatchObject({
      code: "dump-name-unknown",
      fields: { file: join(path, "small", `${stem}.bson`) },
    });
    await writeFile(join(path, "small", `${stem}.metadata.json`), '{"indexes":[]}');
    await expect(openAll(path)).rejects.toMatchObject({ code: "dump-name-unknown" });
  });

  test("is one that has a collection twice", async () => {
    const path = await copyOf(plain);
    const file = join(path, "small", "many.bson");
    await cp(file, `${file}.gz`);
    await expect(openAll(path)).rejects.toMatchObject({
      code: "dump-file-twice",
      exitCode: 5,
      fields: { files: [file, `${file}.gz`], namespace: "small.many" },
    });
    const other = await copyOf(plain);
    await writeFile(join(other, "small", "with space%2Fslash%25.bson"), "");
    await expect(openAll(other)).rejects.toMatchObject({
      code: "dump-file-twice",
      fields: { namespace: "small.with space/slash%" },
    });
  });

  test("is one with metadata that cannot be read, unless that is left out", async () => {
    const path = await copyOf(plain);
    const file = join(path, "small", "many.metadata.json");
    await writeFile(file, '{"options":{},"indexes":[{"v":2,}]}');
    await expect(openAll(path)).rejects.toMatchObject({
      code: "dump-metadata",
      exitCode: 5,
      fields: { file, namespace: "small.many", reason: worded("a name was expected at character 33") },
    });
    expect(await readDump(path, ["other.*"])).toEqual([named("things")]);
  });
});

describe("a file of documents that is damaged", () => {
  const file = (path: string, name = "things.bson"): string => join(path, "other", name);
  const lengths = named("things").documents.map((d) => d.length / 2);

  async function damageIn(path: string): Promise<unknown> {
    return readDump(path, ["other.things"]).catch((error: unknown) => error);
  }

  test("by being cut short says at which byte, wherever that is", async () => {
    const path = await copyOf(plain);
    const whole = lengths.reduce((sum, n) => sum + n, 0);
    for (let bytes = whole - 1; bytes > 0; bytes--) {
      await truncate(file(path), bytes);
      const borders = [0, lengths[0]!, lengths[0]! + lengths[1]!];
      // A file that ends between two documents is as good as one that always did: only an archive has a sum.
      if (borders.includes(bytes)) continue;
      expect(await damageIn(path)).toMatchObject({
        code: "dump-damaged",
        exitCode: 5,
        fields: { file: file(path), offset: borders.findLast((b) => b <= bytes) },
      });
    }
  });

  test("by a wrong length or garbage behind the last document says at which byte", async () => {
    const path = await copyOf(plain);
    await appendFile(file(path), "garbage");
    const offset = lengths.reduce((sum, n) => sum + n, 0);
    expect(await damageIn(path)).toMatchObject({
      fields: { offset, reason: worded(expect.stringContaining("is no length")) },
    });
    await writeFile(file(path), Buffer.from("ffffffff", "hex"));
    expect(await damageIn(path)).toMatchObject({
      fields: { offset: 0, reason: worded("-1 is no length of a document") },
    });
  });

  test("as a gzip file by being cut, changed or followed by garbage", async () => {
    const name = "things.bson.gz";
    const whole = await readFile(file(gzipped, name));
    for (const bytes of [0, 1, 2, 3, 9, 10, 11, 50, whole.length - 9, whole.length - 8, whole.length - 1]) {
      const path = await copyOf(gzipped);
      await truncate(file(path, name), bytes);
      expect([bytes, await damageIn(path)]).toMatchObject([
        bytes,
        { code: "dump-damaged", fields: { file: file(path, name) } },
      ]);
    }
    for (const spoil of [Buffer.concat([whole, Buffer.from("garbage")]), flipped(whole)]) {
      const path = await copyOf(gzipped);
      await writeFile(file(path, name), spoil);
      expect(await damageIn(path)).toMatchObject({ code: "dump-damaged", exitCode: 5 });
    }
  });

  test("by having vanished since it was opened says so", async () => {
    const path = await copyOf(plain);
    const dump = await openDump(path, all);
    await rm(file(path));
    const reading = dump.read(["other.things"]).next();
    await expect(reading).rejects.toMatchObject({ code: "disk-failed", fields: { file: file(path) } });
  });
});

/** With a bit of the sum at its end changed. */
function flipped(gzip: Buffer): Buffer {
  const changed = Buffer.from(gzip);
  changed[changed.length - 6]! ^= 1;
  return changed;
}
