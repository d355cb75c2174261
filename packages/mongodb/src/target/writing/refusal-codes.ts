import { FirebreakError } from "@firebreak/archive";
import { MongoServerError } from "mongodb";
import { TRANSIENT_CODES } from "../../driver/passing-codes.ts";

/**
 * Error codes of a command that the server could not read because of a document in it (MongoDB's
 * `error_codes.yml`).
 */
const OF_A_MESSAGE: ReadonlySet<unknown> = new Set([
  15, // Overflow: nested too deeply
  22, // InvalidBSON
  10334, // BSONObjectTooLarge
]);

/**
 * Error codes of single documents that say nothing about the document: any other would have failed at that
 * moment too. The codes of a server that is going down are in `passing-codes.ts`.
 */
const NOT_OF_A_DOCUMENT: ReadonlySet<unknown> = new Set([
  1, // InternalError
  8, // UnknownError
  13, // Unauthorized
  26, // NamespaceNotFound
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout
  112, // WriteConflict
  133, // FailedToSatisfyReadPreference
  150, // StaleEpoch
  202, // NetworkInterfaceExceededTimeLimit
  246, // SnapshotUnavailable
  279, // ClientDisconnect
  13388, // StaleConfig
  11601, // Interrupted
  14031, // OutOfDiskSpace
]);

/** True if an error that the server reports for one document puts that document in quarantine. */
export function isOfDocument(code: number): boolean {
  return !NOT_OF_A_DOCUMENT.has(code) && !TRANSIENT_CODES.has(code);
}

/** Returns the server's error if it refused a whole message because of documents in it. */
export function documentsRefusal(
  error: unknown,
): { readonly code: number; readonly message: string } | undefined {
  const cause = error instanceof FirebreakError ? error.cause : error;
  return cause instanceof MongoServerError && OF_A_MESSAGE.has(cause.code)
    ? { code: Number(cause.code), message: cause.message }
    : undefined;
}
