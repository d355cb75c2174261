import type { MysqlTable } from "@firebreak/archive";
import type { TableFacts } from "../../driver/table-facts.ts";
import type { LedgerRow } from "../ledger/ledger.ts";

/** A table of the archive, the table in its place in the target, and its ledger rows. */
export interface FoundTable {
  readonly table: MysqlTable;
  readonly ledger: readonly LedgerRow[];
  /** Undefined if the table does not exist. */
  readonly facts: TableFacts | undefined;
  readonly rowCount: number;
}
