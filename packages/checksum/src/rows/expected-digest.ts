import { addDigests, EMPTY_DIGEST, RowHasher, TableDigest, type PlainDigest } from "@firebreak/items";
import type { MysqlTable, TablePart } from "@firebreak/archive";
import { rowsOfPart, type RowsPlace } from "./expected-rows.ts";

/**
 * Returns the digest that the target should have: the archive's rows without those that the target refused.
 * Reads only the parts with refused rows.
 */
export async function expectedDigest(place: RowsPlace, table: MysqlTable): Promise<PlainDigest> {
  if (place.setAside === undefined) return table.digest;
  let digest = EMPTY_DIGEST;
  for (const part of table.parts)
    digest = addDigests(
      digest,
      place.setAside.has(part.file) ? await digestOfOthers(place, table, part) : part.digest,
    );
  return digest;
}

async function digestOfOthers(place: RowsPlace, table: MysqlTable, part: TablePart): Promise<PlainDigest> {
  const digest = new TableDigest();
  const hasher = new RowHasher(
    table.columns.map((c) => c.form),
    table.rowEncoding,
  );
  for await (const { cells } of rowsOfPart(place, part)) digest.add(hasher.hash(cells));
  return digest.toPlain();
}
