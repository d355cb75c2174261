import type { Column } from "@firebreak/archive";
import type { MysqlSession } from "../../driver/connect.ts";
import type { RowWarnings } from "./row-warnings.ts";

/** The table that rows go to, and what to know about them. */
export interface RowTarget {
  /** The table's name as SQL. */
  readonly target: string;
  readonly columns: readonly Column[];
  /** The name of the rows' origin in errors of the server. */
  readonly file: string;
  /** True if JSON documents have DECIMALs that must stay DECIMALs. */
  readonly hasJsonDecimals?: boolean;
  /** True if ENUMs have the error value 0 and the session may write it. */
  readonly hasEnumZeros?: boolean;
  /** True if LOAD DATA cannot write the table's rows. */
  readonly needsInsert?: boolean;
}

/** The server's counts of what it did with rows. Warnings that are not about rows do not count. */
export interface SentCounts extends RowWarnings {
  readonly records: number;
  readonly deleted: number;
  readonly skipped: number;
}

/**
 * Sends rows of the archive's CSV into a table, within the open transaction. If it fails, or if the
 * counts do not match the rows, only a ROLLBACK removes the rows that are already in.
 *
 * @throws whatever `bytes` threw, or {FirebreakError} any `mysql-…` code: `mysql-data` if a row is
 * to blame.
 */
export type SendRows = (
  session: MysqlSession,
  to: RowTarget,
  bytes: AsyncIterable<Buffer>,
) => Promise<SentCounts>;
