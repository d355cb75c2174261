import { about, eachPart, type MysqlManifest, type MysqlTable } from "@firebreak/archive";
import { addDigests, EMPTY_DIGEST, type PlainDigest } from "@firebreak/items";
import { allowancesToRead } from "../../driver/allowances.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import { rangeDigest } from "../../stored/digest-sql.ts";
import { SessionPool } from "../../driver/session-pool.ts";
import { storedTable } from "../../stored/stored-table.ts";
import { tableRanges, type TableRange } from "../../stored/table-ranges.ts";
import { checksumFault } from "./checksum-faults.ts";
import type { ChecksumStep } from "./checksum-notes.ts";
import type { MysqlComparison } from "./checksum-options.ts";

interface RangeTask {
  readonly table: MysqlTable;
  /** The same table as the target stores it. */
  readonly stored: MysqlTable;
  readonly database: string;
  readonly range: TableRange;
}

/**
 * Has the server hash all rows of some tables, in ranges.
 *
 * @throws {FirebreakError} `checksum-unhashed` if it cannot hash some rows, or a fault of mysql.
 */
export async function* scanTables(
  { jobs }: Pick<MysqlComparison, "jobs">,
  session: MysqlSession,
  tables: readonly MysqlTable[],
  manifest: MysqlManifest,
): AsyncGenerator<ChecksumStep, Map<MysqlTable, PlainDigest>> {
  const target = session.target;
  const sessions = new SessionPool(target);
  const digests = new Map<MysqlTable, PlainDigest>(tables.map((t) => [t, EMPTY_DIGEST]));
  const totalItems = manifest.tables.reduce((sum, t) => sum + t.digest.rowCount, 0);
  let items = 0;

  async function* ranges(): AsyncGenerator<RangeTask> {
    for (const table of tables) {
      const database = target.database ?? table.database;
      await session.allow(allowancesToRead(table));
      const stored = await storedTable(session, database, table);
      for await (const range of tableRanges(session, database, stored))
        yield { table, stored, database, range };
    }
  }
  const scan = ({ table, stored, database, range }: RangeTask): Promise<void> =>
    about(`${database}.${table.table}`, () =>
      sessions.use(async (own) => {
        await own.allow(allowancesToRead(table));
        const digest = await rangeDigest(own, database, stored, range);
        if (digest.hashedCount !== digest.rowCount)
          throw checksumFault("checksum-unhashed", {
            table: table.table,
            rows: digest.rowCount - digest.hashedCount,
          });
        digests.set(table, addDigests(digests.get(table)!, digest));
        items += digest.rowCount;
      }),
    );
  try {
    for await (const _ of eachPart(ranges(), jobs, scan))
      yield { kind: "progress", stage: "checksum", items, bytes: 0, totalItems };
  } finally {
    await sessions.close();
  }
  return digests;
}
