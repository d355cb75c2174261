/** A moment of a run at which a test can have the process killed, named after the work just done. */
export type KillPoint =
  // Export: all ranges are read; changes made meanwhile are written, folded into a collection, noted, moved.
  | "ranges-read"
  | "changes-written"
  | "changes-folded"
  | "export-closed"
  | "file-in-place"
  | "files-in-place"
  // Export of a dump: its oplog is split by collection.
  | "oplog-split"
  // Any archive.
  | "part-sealed"
  | "checksums-written"
  | "manifest-written"
  // Transform of a delta with a profile: affected lines are taken out, and mapped; tables are written.
  | "lines-found"
  | "lines-mapped"
  | "changes-made"
  // A table that is loaded in its own engine: the ledger says so; one of its parts is in.
  | "direct-noted"
  | "direct-part"
  // Restore into MongoDB.
  | "part-restored"
  | "repeated-set-aside"
  // Rehearsal and plan: what they need for a while is made; rows are proved; queries are asked; all documents are
  // transformed.
  | "scratch-made"
  | "rehearsal-proved"
  | "rehearsal-asked"
  | "survey-made"
  // Compact.
  | "namespace-merged"
  | "namespace-noted"
  // Delta in MySQL; those in the middle are within a table's transaction.
  | "table-altered"
  | "rows-deleted"
  | "rows-inserted"
  | "table-changed"
  | "table-dropped"
  | "table-forgotten"
  | "tables-finished"
  // Delta in MongoDB.
  | "link-begun"
  | "collection-begun"
  | "documents-deleted"
  | "documents-inserted"
  | "collections-proved";

/**
 * `POINT:PASS:PID`, with the pid of the process that started this one, so that a variable left in a shell
 * never matches.
 */
const wanted = /^([a-z-]+):(\d+):(\d+)$/.exec(process.env["FIREBREAK_TEST_KILL"] ?? "");
const isMeant = wanted !== null && Number(wanted[3]) === process.ppid;
let passCount = 0;

/**
 * Ends the process as `kill -9` does, if the test that started it has named this point and this pass. Passes
 * count from 1 in each thread. Otherwise it does nothing.
 */
export function killPoint(point: KillPoint): void {
  if (isMeant && wanted[1] === point && ++passCount === Number(wanted[2]))
    process.kill(process.pid, "SIGKILL");
}
