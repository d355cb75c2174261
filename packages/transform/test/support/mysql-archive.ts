import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import {
  databaseFileText,
  PartWriter,
  safeName,
  tableFileText,
  writeManifest,
  writeSmallFile,
  type MongodbManifest,
  type SourceDatabase,
  type SourceNamespace,
  type SourceTable,
} from "@firebreak/archive";

export interface TableRecipe {
  /** Of database `shop`. */
  readonly name: string;
  readonly table: SourceTable;
  /** Of each part, without their ends; a view has none. */
  readonly parts?: readonly (readonly string[])[];
  readonly isView?: boolean;
}

/** Writes a complete archive of a MySQL's database `shop` as export would, without a server. */
export async function writeMysqlArchive(
  archive: string,
  recipes: readonly TableRecipe[],
  objects: Partial<SourceDatabase> = {},
): Promise<void> {
  const namespaces: SourceNamespace[] = [];
  for (const recipe of recipes) namespaces.push(await writeTable(archive, recipe));
  await mkdir(join(archive, "databases"), { recursive: true });
  const database: SourceDatabase = {
    database: "shop",
    createStatement: "CREATE DATABASE shop",
    procedures: [],
    functions: [],
    events: [],
    sequences: [],
    ...objects,
  };
  const metadata = await writeSmallFile(archive, "databases/shop.json", databaseFileText(database));
  await writeManifest(archive, {
    format: "firebreak-archive",
    formatVersion: 1,
    source: { kind: "mysql" },
    consistency: "snapshot",
    settings: { include: [], exclude: [], partMib: 64 },
    namespaces,
    databases: [{ database: "shop", metadata }],
    run: { startedAt: "", finishedAt: "", host: "", firebreak: "", node: "" },
  });
}

async function writeTable(
  archive: string,
  { name, table, parts = [], isView = false }: TableRecipe,
): Promise<SourceNamespace> {
  const directory = `source/shop/${safeName(name)}`;
  await mkdir(join(archive, directory), { recursive: true });
  const place = { namespace: `shop.${name}`, kind: isView ? "view" : "table" } as const;
  const metadata = await writeSmallFile(archive, `${directory}/collection.json`, tableFileText(place, table));
  const entries: SourceNamespace["parts"] = [];
  for (const [i, lines] of parts.entries()) {
    const file = `${directory}/${String(i).padStart(5, "0")}.ndjson.zst`;
    const writer = await PartWriter.open(join(archive, file));
    for (const line of lines) await writer.write(Buffer.from(`${line}\n`), 1);
    entries.push({ file, ...(await writer.seal()) });
  }
  const lineCount = entries.reduce((sum, p) => sum + p.lineCount, 0);
  return {
    ...place,
    database: "shop",
    collection: name,
    directory,
    documentCount: lineCount,
    lineCount,
    metadata,
    parts: entries,
  };
}

export async function mongodbManifest(archive: string): Promise<MongodbManifest> {
  return JSON.parse(await readFile(join(archive, "mongodb", "manifest.json"), "utf8")) as MongodbManifest;
}

/** The lines of a part, or of quarantine, below the archive's `mongodb/`. */
export async function linesOf(archive: string, file: string): Promise<string[]> {
  const content = zstdDecompressSync(await readFile(join(archive, "mongodb", file)));
  return content.toString("utf8").split("\n").slice(0, -1);
}
