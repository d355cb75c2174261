import type { Column } from "@firebreak/archive";
import type { MysqlSession } from "./connect.ts";
import type { RowWarnings } from "./row-warnings.ts";

/** Where rows go. */
export interface RowTarget {
  /** The table's name as SQL. */
  readonly target: string;
  readonly columns: readonly Column[];
  /** How errors of the server call what the rows come from. */
  readonly file: string;
  /** Whether JSON documents have DECIMALs that are to stay such. */
  readonly hasJsonDecimals?: boolean;
  /** Whether ENUMs have the error value 0, and the session may write it. */
  readonly hasEnumZeros?: boolean;
  /** Whether LOAD DATA cannot write the table's rows. */
  readonly needsInsert?: boolean;
}

/** What the server says it did with rows; warnings that are not about rows do not count. */
export interface SentCounts extends RowWarnings {
  readonly records: number;
  readonly deleted: number;
  readonly skipped: number;
}

/**
 * Sends rows of the archive's CSV into a table, within the transaction that is
 * open: when it fails, or the counts are not those of the rows, only a ROLLBACK
 * takes back what is in already.
 *
 * @throws what `bytes` threw, or {FirebreakError} of mysql: `mysql-data` when a row is to blame.
 */
export type SendRows = (
  session: MysqlSession,
  to: RowTarget,
  bytes: AsyncIterable<Buffer>,
) => Promise<SentCounts>;
