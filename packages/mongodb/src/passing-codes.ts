/**
 * Error codes of a server that is going down, stepping down or has lost our
 * cursor with it (MongoDB's `error_codes.yml`): the same question may be answered soon.
 */
export const TRANSIENT_CODES: ReadonlySet<unknown> = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  43, // CursorNotFound
  89, // NetworkTimeout
  91, // ShutdownInProgress
  133, // FailedToSatisfyReadPreference
  134, // ReadConcernMajorityNotAvailableYet
  136, // CappedPositionLost: of a change stream, which is opened again
  175, // QueryPlanKilled: the collection, or what is read of it, was dropped or renamed amid a read
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
 * Error codes that say nothing against a command either, but are not for waiting: somebody
 * interrupted it, another was in its way, or a disk is to be mended first.
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

/** Returns whether the same command may be taken when it is given again. */
export function canPass(code: unknown): boolean {
  return TRANSIENT_CODES.has(code) || PASSING_CODES.has(code);
}
