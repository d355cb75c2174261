// @module-tag slow
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { BSON, Decimal128, Double, Int32, Long, type Document } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { mysqlTablesOf, type MysqlTableEntry } from "@firebreak/testing/archives/manifest-entries";
import { exported } from "@firebreak/testing/recipes/exported";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { writeDump } from "@firebreak/testing/dumps/small-dump";

/** Over 8 MiB of lines in all: parts of less are read before they are written. */
const DOCUMENT_COUNT = 900;
const FILLER = "f".repeat(10_000);

/** What the last document of each collection has that no other gives a hint of. */
const LATE: Readonly<Record<string, Document>> = {
  nothing: {},
  "a field": { late: "here" },
  "another kind": { n: "not a number" },
  "larger numbers": { n: Long.fromString("9007199254740993") },
  "a double": { n: new Double(0.5) },
  "a longer text": { text: "é".repeat(70_000) },
  "more digits": { price: Decimal128.fromString("1.123456") },
  "a long key": { _id: "k".repeat(300) },
  "a key that is there": { _id: "00000" },
  "a key of another kind": { _id: new Int32(1) },
  "a line of five MiB": { text: "x".repeat(5 << 20) },
};

const ALIKE = Array.from({ length: DOCUMENT_COUNT }, (_, i) => hexOf(alike(i)));

interface Made {
  readonly tables: readonly MysqlTableEntry[];
  /** The rows and the quarantine of each table, in the order of parts. */
  readonly contents: ReadonlyMap<string, { readonly rows: string; readonly quarantine: readonly object[] }>;
}

describe("a collection becomes the same table in one part, whose rows are written while it is surveyed, as in many", () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let once: Made;
  let twice: Made;

  beforeAll(async () => {
    place = await folder();
    const dump = join(place.path, "dump");
    await writeDump(
      dump,
      Object.entries(LATE).map(([name, late]) => ({
        namespace: `late.${name}`,
        database: "late",
        collection: name,
        kind: "collection",
        optionsText: "{}",
        indexTexts: [],
        documents: documentsBefore(late),
      })),
    );
    once = await made(dump, "one", "64");
    twice = await made(dump, "many", "1");
  });
  afterAll(() => place[Symbol.asyncDispose]());

  async function made(dump: string, name: string, partMib: string): Promise<Made> {
    const archive = join(place.path, name);
    await well(exported(archive, dump, { partMib: Number(partMib) }));
    const transform = await transformed(archive);
    expect(transform.ending, transform.text).toBe("short");
    const tables = await mysqlTablesOf(archive);
    const { namespaces } = JSON.parse(await readFile(join(archive, "mysql", "manifest.json"), "utf8")) as {
      namespaces: { namespace: string; quarantine: { file: string }[] }[];
    };
    const text = async (files: readonly { readonly file: string }[]): Promise<string> => {
      const parts = await Promise.all(files.map(({ file }) => readFile(join(archive, "mysql", file))));
      return parts.map((p) => zstdDecompressSync(p).toString()).join("");
    };
    const contents = new Map<string, { rows: string; quarantine: object[] }>();
    for (const { table, parts } of tables) {
      const ns = namespaces.find((n) => n.namespace === `late.${table}`)!;
      const lines = (await text(ns.quarantine)).split("\n").filter((line) => line !== "");
      const quarantine = lines.map((line) => {
        const { part: _, line: __, ...rest } = JSON.parse(line) as Record<string, unknown>;
        return rest;
      });
      contents.set(table, { rows: await text(parts), quarantine });
    }
    return { tables, contents };
  }

  test.each(Object.keys(LATE))("where the last document has %s", (name) => {
    const [a, b] = [once, twice].map((m) => m.tables.find((t) => t.table === name)!);
    expect(a!.parts).toHaveLength(1);
    expect(b!.parts.length).toBeGreaterThan(3);
    expect({ ...a, parts: [] }).toEqual({ ...b, parts: [] });
    expect(once.contents.get(name)!.rows === twice.contents.get(name)!.rows, "the same rows").toBe(true);
    expect(once.contents.get(name)!.quarantine).toEqual(twice.contents.get(name)!.quarantine);
  });

  test("and only a key that is there already sends a document to quarantine", () => {
    const counts = [...once.contents].map(([name, { quarantine }]) => [name, quarantine.length]);
    expect(counts.filter(([, count]) => count !== 0)).toEqual([["a key that is there", 1]]);
  });
});

function alike(i: number): Document {
  return {
    _id: String(i).padStart(5, "0"),
    n: new Int32(i),
    text: "short",
    price: Decimal128.fromString("12.50"),
    filler: FILLER,
  };
}

function hexOf(document: Document): string {
  return Buffer.from(BSON.serialize(document)).toString("hex");
}

/** Documents that are alike, and at their end the one that is not. */
function documentsBefore(late: Document): string[] {
  return [...ALIKE, hexOf({ ...alike(0), _id: "last", ...late })];
}
