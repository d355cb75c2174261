import { BSON } from "bson";
import { ReasonError } from "@firebreak/archive";
import { BSON_TYPE, elementIn, elementsOf, integerOf, textOf, type Element } from "../elements.ts";
import { dumpReason } from "../mongodump-reasons.ts";

/** The fields that are used here of an oplog entry, or of an operation within one. */
export interface OplogEntry {
  readonly bytes: Buffer;
  /** `i`, `u` and `d` change a document, `c` is a command, `n` does nothing. */
  readonly op: string;
  /** The names of the database and the collection, or `db.$cmd`. */
  readonly database: string;
  readonly collection: string;
  readonly o: readonly Element[];
  /** The `_id` of the document that the entry changes. Undefined if it names none. */
  readonly id: Element | undefined;
  /** `SECONDS,INCREMENT`. Undefined for an operation within an entry. */
  readonly time: string | undefined;
  /** The transaction of the entry. Undefined if it belongs to none. */
  readonly transaction: string | undefined;
  /** True if the entry names an earlier entry of the same transaction. */
  readonly hasPrevious: boolean;
}

/** Versions of entries. Servers before 2.2 had none. */
const VERSIONS: ReadonlySet<number> = new Set([1, 2]);

/**
 * Parses an entry.
 *
 * @throws Error if the bytes are no entry of an oplog, or one of an unknown version.
 */
export function readEntry(bytes: Buffer): OplogEntry {
  const fields = elementsOf(bytes);
  const op = textOf(elementIn(fields, "op"));
  const namespace = textOf(elementIn(fields, "ns"));
  const o = elementIn(fields, "o");
  if (op === undefined || namespace === undefined || o?.type !== BSON_TYPE.object)
    throw new ReasonError(dumpReason("entry-foreign"));
  const version = elementIn(fields, "v");
  if (version !== undefined && !VERSIONS.has(integerOf(version)))
    throw new ReasonError(dumpReason("entry-version", { version: integerOf(version) }));
  const operation = elementsOf(o.value);
  const dot = namespace.indexOf(".");
  return {
    bytes,
    op,
    database: dot < 0 ? namespace : namespace.slice(0, dot),
    collection: dot < 0 ? "" : namespace.slice(dot + 1),
    o: operation,
    id: op === "u" ? elementIn(nested(elementIn(fields, "o2")), "_id") : elementIn(operation, "_id"),
    time: timeIn(elementIn(fields, "ts")),
    transaction: transactionIn(fields),
    hasPrevious: isLater(elementIn(fields, "prevOpTime")),
  };
}

function timeIn(ts: Element | undefined): string | undefined {
  if (ts?.type !== BSON_TYPE.timestamp) return undefined;
  return `${ts.value.readUInt32LE(4)},${ts.value.readUInt32LE(0)}`;
}

function nested(element: Element | undefined): readonly Element[] {
  return element?.type === BSON_TYPE.object ? elementsOf(element.value) : [];
}

/** Returns the session's id and its number for the transaction. */
function transactionIn(fields: readonly Element[]): string | undefined {
  const session = elementIn(fields, "lsid");
  const number = elementIn(fields, "txnNumber");
  return session === undefined || number === undefined
    ? undefined
    : `${session.value.toString("hex")}:${number.value.toString("hex")}`;
}

/** Recognises a later entry of a transaction. The first one names the time zero. */
function isLater(previous: Element | undefined): boolean {
  const ts = elementIn(nested(previous), "ts");
  return ts !== undefined && ts.value.some((byte) => byte !== 0);
}

const SHOWN_CHARACTERS = 200;

/** Returns an entry for a message: its kind, its namespace and the beginning of its content. */
export function shownEntry({ op, database, collection, o, bytes }: OplogEntry): string {
  const text = JSON.stringify(
    BSON.EJSON.serialize(BSON.deserialize(elementIn(elementsOf(bytes), "o")!.value)),
  );
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return `${op} ${database}.${collection} ${o.length === 0 ? "{}" : shown}`;
}
