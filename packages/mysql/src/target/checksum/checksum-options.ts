import type { MysqlManifest, TableSelection } from "@firebreak/archive";
import type { ChecksumRequest } from "@firebreak/target";
import type { WriteRepairOptions } from "../repair/repair-writer.ts";

/** The options of a comparison with MySQL or MariaDB, besides those of any target. */
export interface MysqlChecksumOptions {
  readonly url: string;
  /** The folder for a repair of the differences, and the version that writes it. */
  readonly repair?: Pick<WriteRepairOptions, "repairFolder" | "version"> | undefined;
  /**
   * Proves only what changed since the last proof, if the target's binary log gives grounds for that. Without
   * grounds, everything is compared unless it is "only".
   */
  readonly sinceLast?: "preferred" | "only" | undefined;
  /** The tables to compare, and their places. If missing: all tables, where the manifest places them. */
  readonly select?: TableSelection | undefined;
}

/** A comparison with MySQL, with the manifest of the selected tables. */
export type MysqlComparison = MysqlChecksumOptions & ChecksumRequest<MysqlManifest>;
