import { join } from "node:path";
import { csvRows } from "@firebreak/mysql-format";
import { readPart } from "@firebreak/archive";
import { addToLedger, ledgerRowOf, type LedgerRow } from "../ledger/ledger.ts";
import { partOf } from "../ledger/ledger-name.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import { refusedRowsOf, sealQuarantine } from "../quarantine/load-quarantine.ts";
import type { LoadWork, LoadedPart, PartWork } from "../parts/part-work.ts";
import { RowFile } from "../parts/row-file.ts";
import { refuseOtherCount } from "../parts/settle-part.ts";
import { inTransaction } from "../parts/transaction.ts";
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
  const { file, lineCount, plainSha256, plainBytes } = part.part;
  const reading = readPart(join(work.folder, file), file, part.part, { identities: work.identities });
  const rows = await RowFile.fill(work.work, csvRows(reading));
  try {
    refuseOtherCount(part.part, rows.rowCount);
    const merged = await inTransaction(session, async (): Promise<LoadedPart> => {
      // A run that was thought dead may just have committed the same part.
      const known = await ledgerRowOf(session, database, table.table, partOf(work.place, file), true);
      if (known !== undefined) return { ledger: known, refused: [] };
      const merging = await mergeRows(session, work, { ...part, file }, rows);
      const { presentCount, refused } = merging;
      try {
        const ledger: LedgerRow = {
          table: table.table,
          subject: partOf(work.place, file),
          rowCount: lineCount - refused.length,
          presentCount,
          quarantinedCount: refused.length,
          quarantine:
            refused.length === 0
              ? undefined
              : await sealQuarantine(work, part, refusedRowsOf(work, part, rows, merging.withFound())),
          plainSha256,
        };
        await addToLedger(session, database, ledger);
        work.assertHeld();
        return { ledger, refused };
      } catch (error) {
        work.limit.take(refused.length);
        throw error;
      } finally {
        await merging.close();
      }
    });
    count(plainBytes);
    return merged;
  } finally {
    await rows.close();
  }
}
