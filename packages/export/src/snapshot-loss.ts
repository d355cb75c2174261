import { FirebreakError } from "@firebreak/archive";
import { exportFault } from "./export-faults.ts";

/** What becomes of a connection that holds a snapshot, or of a table that it reads. */
const LOSSES: ReadonlySet<string> = new Set([
  "mysql-lost",
  "mysql-unreachable",
  "mysql-failed",
  "mysql-busy",
]);

/** The fault of a read in a snapshot: with its connection the snapshot is gone, and no other sees the same rows. */
export function lossOf(error: unknown, server: string): unknown {
  if (!(error instanceof FirebreakError) || !LOSSES.has(error.code)) return error;
  return exportFault("snapshot-lost", { server, reason: String(error.fields["reason"]) }, error);
}
