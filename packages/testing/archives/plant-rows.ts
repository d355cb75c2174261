import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { addDigests, EMPTY_DIGEST, RowHasher, TableDigest } from "../../items/src/index.ts";
import { csvCells } from "../../mysql-format/src/index.ts";
import {
  readMysqlManifest,
  writeManifest,
  type MysqlManifest,
  type MysqlTable,
} from "../../archive/src/index.ts";

type Written<T> = T extends object ? { -readonly [K in keyof T]: Written<T[K]> } : T;

const sha256 = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");

/**
 * Changes rows of a transformed archive, and everything its manifest says of
 * them: an archive as a transform with a fault could have made it. Rows have one
 * line each here.
 */
export async function plantRows(
  archive: string,
  change: (rows: string[], table: string, part: number) => string[],
): Promise<void> {
  const folder = join(archive, "mysql");
  const manifest = (await readMysqlManifest(folder)).manifest as Written<MysqlManifest>;
  for (const table of manifest.tables) {
    for (const [i, part] of table.parts.entries()) {
      const path = join(folder, part.file);
      const before = zstdDecompressSync(await readFile(path)).toString("latin1");
      const rows = change(
        before
          .split("\n")
          .slice(0, -1)
          .map((row) => `${row}\n`),
        table.table,
        i,
      );
      const plain = Buffer.from(rows.join(""), "latin1");
      const bytes = zstdCompressSync(plain);
      await writeFile(path, bytes);
      Object.assign(part, {
        bytes: bytes.length,
        sha256: sha256(bytes),
        plainBytes: plain.length,
        plainSha256: sha256(plain),
        lineCount: rows.length,
        digest: { ...digestOf(table as MysqlTable, rows), rowCount: rows.length },
      });
    }
    table.digest = table.parts.map((p) => p.digest).reduce(addDigests, EMPTY_DIGEST);
  }
  await writeManifest(folder, manifest as MysqlManifest);
}

function digestOf(table: MysqlTable, rows: readonly string[]): ReturnType<TableDigest["toPlain"]> {
  const hasher = new RowHasher(
    table.columns.map((c) => c.form),
    table.rowEncoding,
  );
  const digest = new TableDigest();
  for (const row of rows) {
    const cells = csvCells(Buffer.from(row, "latin1"));
    if (cells?.length === table.columns.length) digest.add(hasher.hash(cells));
  }
  return digest.toPlain();
}
