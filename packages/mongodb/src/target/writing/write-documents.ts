import { asSent } from "../../driver/as-sent.ts";
import { createRequire } from "node:module";
import { BSON, type Document } from "mongodb";
import type { MongodbSource } from "../../driver/connect.ts";
import { explainMongodb, failureOf } from "../../driver/mongodb-faults.ts";
import type { Namespace } from "../../driver/namespaces.ts";

/** The server's code for a document whose `_id`, or other unique key, exists already. */
export const DUPLICATE_KEY = 11000;

/** The most characters shown of a validator's message. */
const MAX_DETAILS = 500;

export interface InsertOptions {
  /** True if documents must be stored in the order in which they are given. */
  readonly isOrdered: boolean;
  /** True if the collection's validator is to check them. */
  readonly isValidated: boolean;
}

/** The outcome of inserting a batch. */
export interface InsertOutcome {
  readonly insertedCount: number;
  /** One error for each document that this insert did not store. */
  readonly errors: readonly InsertError[];
}

/** The reason why the server refused a document. */
export interface InsertError {
  /** The document's index in the batch, from 0. */
  readonly index: number;
  readonly code: number;
  /** The server's reason. Empty if so many documents were refused that it explains only the first. */
  readonly message: string;
  /**
   * The fields to blame, as far as the server names them: of a unique index that has the key already, or
   * those that break a validator.
   */
  readonly fields: readonly string[];
}

/**
 * Inserts documents given as BSON bytes, one after the other, acknowledged by a majority.
 *
 * The driver's own inserts take objects, and an object loses duplicate names, invalid UTF-8 and the order of
 * names like "1". `insertMany` also replaces an `_id` that is null with an ObjectId. So the bytes go into the
 * message unchanged, as a section of kind 1, which the driver itself uses for its bulk writes. Nothing else
 * on the driver's connection leaves bytes alone without a patch. No code reads an `_id` before the server
 * does.
 *
 * @param documents at most 48,000,000 bytes and 100,000 documents (manual, "MongoDB Limits").
 * @throws {FirebreakError} if the whole command failed: then it is unknown which documents are in.
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
  const errors = asSent<ServerWriteError[] | undefined>(reply["writeErrors"]) ?? [];
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

export interface ServerWriteError {
  readonly index: number;
  readonly code: number;
  readonly errmsg?: string;
  readonly keyPattern?: object;
  readonly errInfo?: { readonly details?: ValidatorDetails };
}

/** Details on a document that breaks a `$jsonSchema` (manual, "Specify JSON Schema Validation"). */
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
 * @throws {FirebreakError} also if a majority did not acknowledge it: the write might be rolled back.
 */
export async function runWrite(
  target: MongodbSource,
  ns: Pick<Namespace, "namespace" | "database">,
  command: Document,
): Promise<Document> {
  try {
    const reply = await target.client.db(ns.database).command(
      { ...command, writeConcern: { w: "majority" } },
      // Error messages of the server quote values, and values need not be UTF-8.
      { enableUtf8Validation: false },
    );
    const concern = asSent<{ code: number; errmsg: string } | undefined>(reply["writeConcernError"]);
    if (concern !== undefined)
      throw failureOf(target.server, ns.namespace, { code: concern.code, reason: concern.errmsg });
    return reply;
  } catch (error) {
    throw explainMongodb(error, target.server, ns.namespace);
  }
}

/** A list of documents that has its own section in a command (MongoDB Wire Protocol, OP_MSG, kind 1). */
interface DocumentSequence {
  /**
   * Adds documents.
   *
   * @param document the value that command monitoring shows for them.
   * @param bytes BSON documents, one after the other.
   */
  push(document: unknown, bytes: Uint8Array): number;
}

/**
 * The driver's own class for document sequences, which the driver recognises by `instanceof` among a
 * command's fields.
 *
 * It is the only thing used here that is not part of the driver's public interface. The driver's version is
 * pinned, and the tests of restore insert documents that can be sent in no other way.
 */
const { DocumentSequence } = asSent<{ DocumentSequence: new (field: string) => DocumentSequence }>(
  createRequire(import.meta.url)("mongodb/lib/cmap/commands.js"),
);
