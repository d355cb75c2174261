import { faultAbout, faultOf, FirebreakError, type Reason, reasonsOf, wordsOf } from "@firebreak/archive";
import {
  MongoClientClosedError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoParseError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from "mongodb";
import { canPass } from "./passing-codes.ts";

/** The faults of work with a MongoDB server. */
export interface MongodbFaults {
  "mongodb-url": { reason: Reason };
  /** `object`: the namespace or database that the work was about, if any. */
  "mongodb-unreachable": { server: string; object: string | undefined; reason: string };
  /** The server answers, but has no member of the kind that the URL asks for. */
  "mongodb-unsuitable": { server: string; members: readonly string[] };
  "mongodb-login": { server: string; reason: string };
  "mongodb-forbidden": { server: string; reason: string };
  /** `canPass`: the server may accept the same command a moment later. */
  "mongodb-failed": { server: string; object: string | undefined; reason: Reason; canPass: boolean };
  "time-series-foreign": { server: string; namespace: string };
  "change-stream-rolled": { server: string; since: string; reason: Reason };
  "change-stream-oversized": { server: string; reason: string };
  "change-stream-stalled": { server: string; minutes: number };
  "lock-held": { server: string; database: string; host: string; pid: number };
  "lock-lost": { server: string; databases: readonly string[] };
  "collection-refused": { namespace: string; reason: string };
  "indexes-refused": { namespace: string; reason: string };
}

export const mongodbFault: ReturnType<typeof faultOf<MongodbFaults>> = faultOf<MongodbFaults>({
  "mongodb-url": 2,
  "mongodb-unreachable": 7,
  "mongodb-unsuitable": 6,
  "mongodb-login": 6,
  "mongodb-forbidden": 6,
  "mongodb-failed": 7,
  "time-series-foreign": 6,
  "change-stream-rolled": 6,
  "change-stream-oversized": 6,
  "change-stream-stalled": 7,
  "lock-held": 6,
  "lock-lost": 7,
  "collection-refused": 7,
  "indexes-refused": 7,
});

/** The errors that the driver throws when a server goes away, by where the driver noticed it. */
const CONNECTION_ERRORS = [
  MongoServerSelectionError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoTopologyClosedError,
  MongoClientClosedError,
  MongoOperationTimeoutError,
] as const;

/** Server error codes: MongoDB's `error_codes.yml`. */
export const UNAUTHORIZED = 13;
const AUTHENTICATION_FAILED = 18;

/** Turns an error of the driver into a fault that names the server, but never its password. */
export function explainMongodb(error: unknown, server: string, object?: string): unknown {
  if (error instanceof FirebreakError) return object === undefined ? error : faultAbout(error, object);
  const reason = withoutCommand(wordsOf(error));
  if (error instanceof MongoParseError) return mongodbFault("mongodb-url", { reason }, error);
  if (error instanceof MongoServerError) {
    if (error.code === AUTHENTICATION_FAILED) return mongodbFault("mongodb-login", { server, reason }, error);
    if (error.code === UNAUTHORIZED) return mongodbFault("mongodb-forbidden", { server, reason }, error);
    return failureOf(server, object, { code: error.code, reason }, error);
  }
  const members = error instanceof MongoServerSelectionError ? membersOf(error) : [];
  if (members.length > 0) return mongodbFault("mongodb-unsuitable", { server, members }, error);
  if (CONNECTION_ERRORS.some((kind) => error instanceof kind) || isOfDns(error))
    return mongodbFault("mongodb-unreachable", { server, object, reason }, error);
  return error;
}

/** Returns the fault of a command, or of one of its writes, that the server did not carry out. */
export function failureOf(
  server: string,
  object: string | undefined,
  { code, reason }: { readonly code: unknown; readonly reason: Reason },
  cause?: unknown,
): FirebreakError {
  return mongodbFault("mongodb-failed", { server, object, reason, canPass: canPass(code) }, cause);
}

/** Returns the server's code of the error that a fault is about; 0 if it is about none. */
export function serverCodeOf(fault: unknown): number {
  const cause = fault instanceof Error ? fault.cause : undefined;
  return cause instanceof MongoServerError ? Number(cause.code ?? 0) : 0;
}

/** Returns the fault of a definition that the server would refuse again. Other errors are unchanged. */
export function refusalOf(
  error: unknown,
  code: "collection-refused" | "indexes-refused",
  namespace: string,
): unknown {
  if (
    !(error instanceof FirebreakError) ||
    error.code !== "mongodb-failed" ||
    error.fields["canPass"] === true
  )
    return error;
  return mongodbFault(code, { namespace, reason: String(error.fields["reason"]) }, error);
}

/** Returns true if a `mongodb+srv` name could not be looked up: that error is Node's own. */
function isOfDns(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && /^query(?:Srv|Txt)$/.test(String(error.syscall));
}

/** Shortens the server's quote of the whole command, with session id and signature, to the command's name. */
function withoutCommand(reason: string): string {
  return reason.replace(/(\bcommand) \{ ?([\w$]+):.*$/s, "$1 $2");
}

/** Returns the members that answered, if none of them is of the kind that was asked for. */
function membersOf({ reason }: MongoServerSelectionError): string[] {
  const servers = [...(reason?.servers.values() ?? [])].filter(({ type }) => type !== "Unknown");
  return servers.map(({ address, type }) => `${address} (${type})`);
}

/** The reasons in our own codes why something about MongoDB is not right, with their fields. */
export interface MongodbReasons {
  "oplog-begins": { begin: string };
  "no-words": undefined;
}

export const mongodbReason: ReturnType<typeof reasonsOf<MongodbReasons>> = reasonsOf<MongodbReasons>();
