/** A moment of a run at which a test can have the process killed, named after what has just been done. */
export type KillPoint =
  // An export: all ranges are read; what changed meanwhile is written; folded into a collection; noted; moved.
  | "ranges-read"
  | "changes-written"
  | "changes-folded"
  | "export-closed"
  | "file-in-place"
  | "files-in-place"
  // An export of a dump: its oplog is written apart by collection.
  | "oplog-split"
  // Any archive.
  | "part-sealed"
  | "checksums-written"
  | "manifest-written"
  // A table that is loaded in its own engine: the ledger says so; one of its parts is in.
  | "direct-noted"
  | "direct-part"
  // A restore into MongoDB.
  | "part-restored"
  | "repeated-set-aside"
  // A compact.
  | "namespace-merged"
  | "namespace-noted"
  // A delta in MySQL; those in the middle lie within a table's transaction.
  | "table-altered"
  | "rows-deleted"
  | "rows-inserted"
  | "table-changed"
  | "table-dropped"
  | "table-forgotten"
  | "tables-finished"
  // A delta in MongoDB.
  | "link-begun"
  | "collection-begun"
  | "documents-deleted"
  | "documents-inserted"
  | "collections-proved";

/** `POINT:PASS:PID`, the pid being that of the process that started this one: nothing left in a shell can match. */
const wanted = /^([a-z-]+):(\d+):(\d+)$/.exec(process.env["FIREBREAK_TEST_KILL"] ?? "");
const isMeant = wanted !== null && Number(wanted[3]) === process.ppid;
let passCount = 0;

/**
 * Ends the process as `kill -9` does, where the test that started it has named this
 * point and this pass of it, counted from 1 in each thread. Else it does nothing.
 */
export function killPoint(point: KillPoint): void {
  if (isMeant && wanted[1] === point && ++passCount === Number(wanted[2]))
    process.kill(process.pid, "SIGKILL");
}
