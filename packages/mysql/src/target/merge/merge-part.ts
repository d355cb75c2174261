import { ledgerRowOf } from "../ledger/ledger.ts";
import { partOf } from "../ledger/ledger-name.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import type { LoadWork, LoadedPart, PartWork } from "../parts/part-work.ts";
import { RowFile } from "../parts/row-file.ts";
import { noteInLedger } from "../parts/settle-part.ts";
import { inCountedTransaction } from "../parts/transaction.ts";
import { mergeRows } from "./merge-rows.ts";

/**
 * Merges one part into a table that has rows of others, in one transaction: rows, quarantine, ledger row,
 * COMMIT.
 *
 * @param count is called with the plaintext bytes that were merged.
 * @throws {FirebreakError} of load, mysql or archive; the part is then as if it had never begun.
 */
export async function mergePart(
  session: MysqlSession,
  work: LoadWork,
  part: PartWork,
  count: (bytes: number) => void,
): Promise<LoadedPart> {
  const { database, table } = part;
  const { file, plainBytes } = part.part;
  await using rows = await RowFile.of(work, part.part);
  const merged = await inCountedTransaction(session, work, async (counted): Promise<LoadedPart> => {
    // A run that was thought dead may just have committed the same part.
    const known = await ledgerRowOf(session, database, table.table, partOf(work.place, file), true);
    if (known !== undefined) return { ledger: known, refused: [] };
    await using merging = await mergeRows(session, counted, { ...part, file }, rows);
    return await noteInLedger(session, counted, part, rows, merging);
  });
  count(plainBytes);
  return merged;
}
