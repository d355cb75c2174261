import { createHash, randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { csvRow, readCsv } from "@firebreak/mysql-format";
import {
  DELTA_FORMAT_VERSION,
  readMysqlManifest,
  readPart,
  readSourceManifest,
  writeManifest,
  type Change,
  type MysqlManifest,
  type MysqlTable,
  type PartEntry,
} from "@firebreak/archive";
import { RowHasher, TableDigest } from "@firebreak/items";

export type Cells = readonly (string | null)[];

/** The changes of a delta to a table. Cells are byte text, in the order of the columns; missing ones are NULL. */
export interface HandMadeChange {
  readonly change?: Change;
  readonly upserts?: readonly Cells[];
  readonly deletes?: readonly Cells[];
  /** Rows of a part; all in one unless given. */
  readonly partRows?: number;
  /** The properties of the table that differ from those before. */
  readonly table?: Partial<MysqlTable>;
}

const sha256 = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");

/**
 * A chain whose deltas are written by hand, as another program could write them:
 * it holds all rows in memory, and digests are made of them all.
 */
export class HandMadeChain {
  readonly full: string;
  readonly #tables = new Map<string, MysqlTable>();
  readonly #rows = new Map<string, Map<string, Cells>>();
  #previous: string;
  #number = 0;

  private constructor(full: string) {
    this.full = full;
    this.#previous = full;
  }

  /** @param full an archive that was transformed for MySQL. */
  static async of(full: string): Promise<HandMadeChain> {
    const chain = new HandMadeChain(full);
    const folder = join(full, "mysql");
    for (const table of (await readMysqlManifest(folder)).manifest.tables) {
      const rows = new Map<string, Cells>();
      for (const part of table.parts)
        for await (const cells of readCsv(readPart(join(folder, part.file), part.file, part), part.file))
          rows.set(keyOf(table, cells), cells);
      chain.#tables.set(table.table, table);
      chain.#rows.set(table.table, rows);
    }
    return chain;
  }

  /** The rows that a table should have by now. */
  rows(table: string): Cells[] {
    return [...this.#rows.get(table)!.values()];
  }

  /** Writes the next delta beside the full archive. */
  async delta(changes: Readonly<Record<string, HandMadeChange>>): Promise<string> {
    const archive = `${this.full}-${++this.#number}`;
    const folder = join(archive, "mysql");
    const full = await readSourceManifest(this.full);
    const previous = await readSourceManifest(this.#previous);
    const made = await readMysqlManifest(join(this.#previous, "mysql"));
    const place = { chainSha256: full.sha256, number: this.#number };
    await mkdir(folder, { recursive: true });
    await writeManifest(archive, {
      ...previous.manifest,
      formatVersion: DELTA_FORMAT_VERSION,
      delta: { ...place, baseSha256: previous.sha256, by: "comparison" },
      namespaces: [],
      // Else two deltas that say nothing of namespaces would be one.
      run: { ...previous.manifest.run, host: randomUUID() },
    });
    const tables: MysqlTable[] = [];
    for (const name of new Set([...this.#tables.keys(), ...Object.keys(changes)]))
      tables.push(await this.#write(folder, name, changes[name]));
    const manifest: MysqlManifest = {
      ...made.manifest,
      formatVersion: DELTA_FORMAT_VERSION,
      sourceManifestSha256: (await readSourceManifest(archive)).sha256,
      delta: { ...place, baseSha256: made.sha256 },
      namespaces: [],
      files: [],
      tables,
      // Only a profile makes rows for an application's own tables.
      ...(tables.some((t) => t.isGiven === true) ? { profile: "wildfirechat" } : {}),
    };
    await writeManifest(folder, manifest);
    for (const table of tables)
      if (table.change === "dropped") this.#forget(table.table);
      else this.#tables.set(table.table, table);
    this.#previous = archive;
    return archive;
  }

  async #write(folder: string, name: string, change: HandMadeChange | undefined): Promise<MysqlTable> {
    const known = (this.#tables.get(name) ?? change?.table) as MysqlTable;
    const { change: _, keys: __, alter: ___, ...before } = known;
    const table: MysqlTable = { ...before, ...change?.table, parts: [] };
    if (change === undefined) return table;
    const what = change.change ?? "changed";
    const whole = (cells: Cells): Cells => table.columns.map((_c, i) => cells[i] ?? null);
    const upserts = (change.upserts ?? []).map(whole);
    const rows = what === "changed" ? this.#rows.get(name)! : new Map<string, Cells>();
    this.#rows.set(name, rows);
    const keys = [...(change.deletes ?? []), ...upserts.map((cells) => keyCells(table, cells))];
    for (const key of keys) rows.delete(JSON.stringify(key));
    for (const cells of upserts) rows.set(keyOf(table, cells), cells);
    // A column that was added is NULL in the rows that were there.
    const widened = [...rows.values()].map(whole);
    const size = change.partRows ?? Math.max(1, upserts.length);
    const parts: MysqlTable["parts"] = [];
    for (let from = 0; from < upserts.length; from += size) {
      const some = upserts.slice(from, from + size);
      const file = `${name}/${String(parts.length).padStart(5, "0")}.csv.zst`;
      parts.push({ ...(await writePart(folder, file, some)), digest: digestOf(table, some) });
    }
    return {
      ...table,
      change: what,
      parts,
      digest: digestOf(table, widened),
      ...(what === "changed" && keys.length > 0
        ? { keys: [await writePart(folder, `${name}/keys-00000.csv.zst`, keys)] }
        : {}),
    };
  }

  #forget(table: string): void {
    this.#tables.delete(table);
    this.#rows.delete(table);
  }
}

function keyCells(table: MysqlTable, cells: Cells): Cells {
  return table.keyColumns.map((name) => cells[table.columns.findIndex((c) => c.name === name)]!);
}

function keyOf(table: MysqlTable, cells: Cells): string {
  return JSON.stringify(keyCells(table, cells));
}

async function writePart(folder: string, file: string, rows: readonly Cells[]): Promise<PartEntry> {
  const plain = Buffer.from(rows.map(csvRow).join(""), "latin1");
  const bytes = zstdCompressSync(plain);
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), bytes);
  return {
    file,
    bytes: bytes.length,
    sha256: sha256(bytes),
    plainBytes: plain.length,
    plainSha256: sha256(plain),
    lineCount: rows.length,
  };
}

function digestOf(table: MysqlTable, rows: readonly Cells[]): MysqlTable["digest"] {
  const hasher = new RowHasher(
    table.columns.map((c) => c.form),
    table.rowEncoding,
  );
  const digest = new TableDigest();
  for (const cells of rows) digest.add(hasher.hash(cells));
  return digest.toPlain();
}
