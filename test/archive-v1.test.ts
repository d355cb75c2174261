import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contentOf } from "@firebreak/testing/archives/manifest-entries";
import { folder } from "@firebreak/testing/archives/folder";
import { mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { readDump } from "@firebreak/testing/dumps/read-dump";
import { SMALL } from "@firebreak/testing/dumps/small-dump";

// Archives that the first version wrote. They are never made anew: backups on shelves are not either.
const fixtures = join(import.meta.dirname, "..", "fixtures");
const CLEAR = join(fixtures, "archive-v1");
/** Version 0.1.0 merged it: its one part ends with an empty line, and that version refused it. */
const EMPTY_LINE = join(fixtures, "archive-v1-empty-line");
const ENCRYPTED = join(fixtures, "archive-v1-encrypted");
/** Made by age-keygen for this fixture alone. */
const IDENTITY = "AGE-SECRET-KEY-1DD0F7EGNYU7N0PQN9Y6V3MRJRD3PP25KEFFY5U6NUAPED9PXFMQQMYCU2L";

const held = SMALL.filter((c) => !/\.[x长]/.test(c.namespace));

describe("an archive of format 1", () => {
  test("is sound, and so is what was made of it", async () => {
    await mustEndWell(["verify", "--archive", CLEAR]);
  });

  test("has counts in no account that the first version did not make", async () => {
    const { stdout } = await mustEndWell(["status", "--archive", CLEAR, "--json"]);
    const { namespaces } = JSON.parse(stdout.trimEnd().split("\n").at(-1)!) as {
      namespaces: { tables?: object[] }[];
    };
    expect(namespaces.some(({ tables = [] }) => tables.length > 0)).toBe(true);
    for (const account of namespaces) {
      expect(account).not.toHaveProperty("notCarried");
      for (const table of account.tables ?? []) expect(table).not.toHaveProperty("extra");
    }
    const inspected = await mustEndWell(["inspect", "--archive", CLEAR]);
    expect(inspected.stdout).toContain("not carried  index b_1_1_-1: 1 is not a column");
  });

  test("holds the documents that went into it, byte for byte", async () => {
    await using place = await folder();
    const key = join(place.path, "key");
    await writeFile(key, IDENTITY);
    for (const archive of [
      ["--archive", CLEAR],
      ["--archive", ENCRYPTED, "--identity", key],
    ]) {
      await mustEndWell(["verify", ...archive]);
      await mustEndWell(["restore", ...archive, "--to-dump", join(place.path, "dump")]);
      expect(await readDump(join(place.path, "dump"))).toEqual(held);
      await rm(join(place.path, "dump"), { recursive: true });
    }
  });

  test("gives the same rows as it did then", async () => {
    await using place = await folder();
    const archive = join(place.path, "archive");
    await cp(CLEAR, archive, { recursive: true });
    const rows = async (): Promise<unknown> => {
      const { tables } = JSON.parse(await readFile(join(archive, "mysql", "manifest.json"), "utf8")) as {
        tables: { table: string; digest: unknown; parts: { plainSha256: string }[] }[];
      };
      return tables.map((t) => [t.table, t.digest, t.parts.map((p) => p.plainSha256)]);
    };
    const before = await rows();
    await mustEndWell(["transform", "--archive", archive]);
    expect(await rows()).toEqual(before);
    expect(await contentOf(archive)).toEqual(await contentOf(CLEAR));
  });

  test("whose mysql/ has a folder in the manifest's place, which a collection of that name left, is read, and transformed anew", async () => {
    await using place = await folder();
    const archive = join(place.path, "archive");
    await cp(CLEAR, archive, { recursive: true });
    const manifest = join(archive, "mysql", "manifest.json");
    await rm(join(archive, "mysql"), { recursive: true });
    await mkdir(manifest, { recursive: true });
    await writeFile(join(manifest, "00000.csv.zst"), "half a part");
    for (const command of ["verify", "inspect"]) await mustEndWell([command, "--archive", archive]);
    expect((await mustEndWell(["status", "--archive", archive])).output).toContain("not finished");
    await mustEndWell(["transform", "--archive", archive]);
    await mustEndWell(["verify", "--archive", archive]);
    expect(JSON.parse(await readFile(manifest, "utf8"))).toMatchObject({ format: "firebreak-mysql" });
  });

  test("is used as it is where merging left an empty line behind a part's last, and that is said", async () => {
    await using place = await folder();
    const archive = join(place.path, "archive");
    await cp(EMPTY_LINE, archive, { recursive: true });
    const dump = join(place.path, "dump");
    for (const args of [["verify"], ["transform"], ["restore", "--to-dump", dump]]) {
      const { output } = await mustEndWell([...args, "--archive", archive]);
      expect(output).toContain("ends with an empty line, which was passed over");
      expect(output).toContain("00000.ndjson.zst. Firebreak 0.1.0 wrote");
    }
    const [orders] = await readDump(dump);
    expect(orders).toMatchObject({ namespace: "shop.orders" });
    expect(orders!.documents).toHaveLength(512);
  });
});
