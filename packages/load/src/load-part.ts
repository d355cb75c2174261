import { join } from "node:path";
import {
  FirebreakError,
  loadDataStatement,
  readPart,
  type MysqlTable,
  type TablePart,
} from "@firebreak/archive";
import { addToLedger, loadData, tableName, type MysqlSession } from "@firebreak/mysql";
import type { LoadOptions } from "./load.ts";
import { loadFault } from "./load-faults.ts";

/**
 * Loads one part in one transaction: LOAD DATA, counts equal, ledger row, COMMIT.
 * Anything else is rolled back, and the part is as if it had never been begun.
 *
 * @param count is told of plaintext bytes as they go.
 * @throws {FirebreakError} `part-refused` when the server takes a row of it for wrong,
 * `part-counts` when rows went missing or were changed on the way, or what archive and mysql throw.
 */
export async function loadPart(
  session: MysqlSession,
  { folder, identities }: Pick<LoadOptions, "folder" | "identities">,
  database: string,
  table: MysqlTable,
  part: TablePart,
  count: (bytes: number) => void,
): Promise<void> {
  const target = tableName(database, table.table);
  const statement = loadDataStatement(target, table.columns, part.file);
  await session.run("START TRANSACTION");
  try {
    const counts = await loadData(
      session,
      statement,
      counted(readPart(join(folder, part.file), part.file, part, { identities }), count),
    );
    const { records, deleted, skipped, warnings } = counts;
    if (records !== part.lineCount || deleted !== 0 || skipped !== 0 || warnings !== 0) {
      const [first] = await session.rows<{ Message: string }>("SHOW WARNINGS LIMIT 1");
      throw loadFault("part-counts", {
        table: table.table,
        part: part.file,
        lines: part.lineCount,
        ...counts,
        first: first?.Message ?? "",
      });
    }
    await addToLedger(session, database, {
      table: table.table,
      part: part.file,
      rowCount: part.lineCount,
      plainSha256: part.plainSha256,
    });
    await session.run("COMMIT");
  } catch (error) {
    await session.run("ROLLBACK").catch(() => session.connection.destroy());
    throw asPartRefused(error, table, part);
  }
}

async function* counted(
  blocks: AsyncIterable<Buffer>,
  count: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const block of blocks) {
    yield block;
    count(block.length);
  }
}

/** An error of the server about the data names its row; say which part's row it is. */
function asPartRefused(error: unknown, table: MysqlTable, part: TablePart): unknown {
  if (error instanceof FirebreakError && error.code === "mysql-failed")
    return loadFault(
      "part-refused",
      { table: table.table, part: part.file, reason: String(error.fields["reason"]) },
      error,
    );
  return error;
}
