import { join } from "node:path";
import { csvCells, readRefusedRows } from "@firebreak/mysql-format";
import { FirebreakError, LOAD_QUARANTINE, type MysqlTable } from "@firebreak/archive";
import { RowHasher, TableDigest, type PlainDigest } from "@firebreak/items";
import { readLedger, type MysqlSession } from "@firebreak/mysql";
import type { ChecksumOptions } from "../checksum-options.ts";

/**
 * Returns the digest of a table's rows in load's quarantine, from all links of a chain. It leaves out rows
 * whose file is missing.
 */
export async function refusedDigest(
  session: MysqlSession,
  { work, identities }: Pick<ChecksumOptions, "work" | "identities">,
  database: string,
  { table, columns, rowEncoding }: MysqlTable,
): Promise<PlainDigest> {
  const digest = new TableDigest();
  const hasher = new RowHasher(
    columns.map((c) => c.form),
    rowEncoding,
  );
  for (const { table: name, quarantine } of await readLedger(session, database)) {
    if (name !== table || quarantine === undefined) continue;
    try {
      for await (const { csv } of readRefusedRows(join(work, LOAD_QUARANTINE), quarantine, identities)) {
        const cells = csvCells(csv);
        if (cells !== undefined) digest.add(hasher.hash(columns.map((_c, i) => cells[i] ?? null)));
      }
    } catch (error) {
      if (!(error instanceof FirebreakError) || error.code !== "file-missing") throw error;
    }
  }
  return digest.toPlain();
}
