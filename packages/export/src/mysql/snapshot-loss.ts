import { FirebreakError } from "@firebreak/archive";
import { errnoOf, isRefusal } from "@firebreak/mysql";
import { exportFault } from "../export-faults.ts";

/** The faults that end a connection, and with it the snapshot that it holds. */
const LOSSES: ReadonlySet<string> = new Set(["mysql-lost", "mysql-unreachable", "mysql-busy"]);

/**
 * The table is no longer as it was in the snapshot: a column or the table itself is gone (error reference).
 */
const REDEFINED: ReadonlySet<number> = new Set([1054, 1146]);

/**
 * Returns the fault of a read in a snapshot. If the connection is lost, the snapshot is gone too, and no
 * other connection sees the same rows. If the server refuses one table, the fault names that table.
 */
export function lossOf(error: unknown, server: string, namespace: string): unknown {
  if (!(error instanceof FirebreakError)) return error;
  const reason = String(error.fields["reason"]);
  const isPassing = error.fields["canPass"] === true || REDEFINED.has(errnoOf(error));
  if (LOSSES.has(error.code) || isPassing)
    return exportFault("snapshot-lost", { server, namespace, reason }, error);
  if (isRefusal(error)) return exportFault("table-unreadable", { server, namespace, reason }, error);
  return error;
}
