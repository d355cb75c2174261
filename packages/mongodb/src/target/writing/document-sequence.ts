import { createRequire } from "node:module";

/** A list of documents that has its own section in a command (MongoDB Wire Protocol, OP_MSG, kind 1). */
export interface DocumentSequence {
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
export const DocumentSequence: new (field: string) => DocumentSequence = (
  createRequire(import.meta.url)("mongodb/lib/cmap/commands.js") as {
    DocumentSequence: new (field: string) => DocumentSequence;
  }
).DocumentSequence;
