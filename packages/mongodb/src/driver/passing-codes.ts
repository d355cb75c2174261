/**
 * Error codes of a server that is going down, stepping down or has lost our cursor in doing so (MongoDB's
 * `error_codes.yml`). The same request may succeed soon.
 */
export const TRANSIENT_CODES: ReadonlySet<unknown> = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  43, // CursorNotFound
  89, // NetworkTimeout
  91, // ShutdownInProgress
  133, // FailedToSatisfyReadPreference
  134, // ReadConcernMajorityNotAvailableYet
  136, // CappedPositionLost: in a change stream, which is opened again
  175, // QueryPlanKilled: the collection, or data being read, was dropped or renamed during the read
  189, // PrimarySteppedDown
  234, // RetryChangeStream
  237, // CursorKilled
  262, // ExceededTimeLimit
  9001, // SocketException
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11602, // InterruptedDueToReplStateChange
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
]);

/**
 * Error codes that do not speak against the command either, but are not retried: somebody interrupted it,
 * another command was in its way, or a disk has to be repaired first.
 */
const PASSING_CODES: ReadonlySet<unknown> = new Set([
  24, // LockTimeout
  46, // LockBusy
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout
  112, // WriteConflict
  117, // ConflictingOperationInProgress
  150, // StaleEpoch
  202, // NetworkInterfaceExceededTimeLimit
  239, // SnapshotTooOld
  246, // SnapshotUnavailable
  276, // IndexBuildAborted
  279, // ClientDisconnect
  11601, // Interrupted
  12586, // BackgroundOperationInProgressForDatabase
  12587, // BackgroundOperationInProgressForNamespace
  13388, // StaleConfig
  14031, // OutOfDiskSpace
]);

/** True if the server may accept the same command when it is sent again. */
export function canPass(code: unknown): boolean {
  return TRANSIENT_CODES.has(code) || PASSING_CODES.has(code);
}
