import { BSON, type Document } from "mongodb";
import type { MongodbSource } from "./connect.ts";
import { DocumentSequence } from "./document-sequence.ts";
import { explainMongodb, failureOf } from "./mongodb-faults.ts";
import type { Namespace } from "./namespaces.ts";

/** The server's code for a document whose `_id`, or other unique key, is there already. */
export const DUPLICATE_KEY = 11000;

/** Characters of what a validator says. */
const MAX_DETAILS = 500;

export interface InsertOptions {
  /** Whether documents must come to lie in the order in which they are given. */
  readonly isOrdered: boolean;
  /** Whether the collection's validator is to look at them. */
  readonly isValidated: boolean;
}

/** What became of a batch. */
export interface InsertOutcome {
  readonly insertedCount: number;
  /** Of each document that is not in by this insert. */
  readonly errors: readonly InsertError[];
}

/** Why the server did not take a document. */
export interface InsertError {
  /** Of the batch, from 0. */
  readonly index: number;
  readonly code: number;
  /** Empty where so many documents were refused that the server says it of the first alone. */
  readonly message: string;
  /** Those that are to blame, as far as the server says: of a unique index that has the key already, or that break a validator. */
  readonly fields: readonly string[];
}

/**
 * Inserts documents given as their BSON bytes, one after the other, and has
 * them acknowledged by a majority.
 *
 * The driver's own inserts take objects, and an object loses duplicate names,
 * invalid UTF-8 and the order of names like "1"; `insertMany` also puts an
 * ObjectId in the place of an `_id` that is null. So the bytes go into the
 * message as they are, as the section of kind 1 that the driver itself makes
 * for its bulk writes: the only way on a connection of the driver's that leaves
 * bytes alone and needs nothing patched. Nobody looks at an `_id` before the
 * server does.
 *
 * @param documents at most 48,000,000 bytes and 100,000 documents (manual, "MongoDB Limits").
 * @throws {FirebreakError} where the command failed as a whole: then nobody knows which documents are in.
 */
export async function insertDocuments(
  target: MongodbSource,
  ns: Pick<Namespace, "namespace" | "database" | "storedIn">,
  documents: Uint8Array,
  { isOrdered, isValidated }: InsertOptions,
): Promise<InsertOutcome> {
  const sequence = new DocumentSequence("documents");
  sequence.push(undefined, documents);
  const reply = await runWrite(target, ns, {
    insert: ns.storedIn,
    documents: sequence,
    ordered: isOrdered,
    bypassDocumentValidation: !isValidated,
  });
  const errors = (reply["writeErrors"] ?? []) as ServerWriteError[];
  return {
    insertedCount: Number(reply["n"]),
    errors: errors.map((error) => ({
      index: error.index,
      code: error.code,
      message: messageOf(error),
      fields: fieldsOf(error),
    })),
  };
}

interface ServerWriteError {
  readonly index: number;
  readonly code: number;
  readonly errmsg?: string;
  readonly keyPattern?: object;
  readonly errInfo?: { readonly details?: ValidatorDetails };
}

/** What a `$jsonSchema` says of a document that breaks it (manual, "Specify JSON Schema Validation"). */
interface ValidatorDetails {
  readonly schemaRulesNotSatisfied?: readonly {
    readonly missingProperties?: readonly string[];
    readonly propertiesNotSatisfied?: readonly { readonly propertyName: string }[];
  }[];
}

function messageOf({ errmsg = "", errInfo }: ServerWriteError): string {
  if (errInfo?.details === undefined) return errmsg;
  const details = BSON.EJSON.stringify(errInfo.details);
  return `${errmsg}: ${details.slice(0, MAX_DETAILS)}${details.length > MAX_DETAILS ? "…" : ""}`;
}

function fieldsOf({ keyPattern = {}, errInfo }: ServerWriteError): string[] {
  const broken = (errInfo?.details?.schemaRulesNotSatisfied ?? []).flatMap(
    ({ missingProperties = [], propertiesNotSatisfied = [] }) => [
      ...missingProperties,
      ...propertiesNotSatisfied.map((p) => p.propertyName),
    ],
  );
  return [...Object.keys(keyPattern), ...broken];
}

/**
 * Runs a write command, acknowledged by a majority.
 *
 * @throws {FirebreakError} also where a majority could not be asked: what was written might be rolled back.
 */
export async function runWrite(
  target: MongodbSource,
  ns: Pick<Namespace, "namespace" | "database">,
  command: Document,
): Promise<Document> {
  try {
    const reply = await target.client.db(ns.database).command(
      { ...command, writeConcern: { w: "majority" } },
      // The server quotes values in what it says of an error, and they need not be UTF-8.
      { enableUtf8Validation: false },
    );
    const concern = reply["writeConcernError"] as { code: number; errmsg: string } | undefined;
    if (concern !== undefined)
      throw failureOf(target.server, ns.namespace, { code: concern.code, reason: concern.errmsg });
    return reply;
  } catch (error) {
    throw explainMongodb(error, target.server, ns.namespace);
  }
}
