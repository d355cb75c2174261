import { createRequire } from "node:module";

/** A list of documents that a command has as a section of its own (MongoDB Wire Protocol, OP_MSG, kind 1). */
export interface DocumentSequence {
  /** @param bytes BSON documents, one after the other. @param document what command monitoring shows of them. */
  push(document: unknown, bytes: Uint8Array): number;
}

/**
 * The driver's own class of them, which it knows among a command's fields by
 * `instanceof`. It is the one thing used here that is not the driver's public
 * interface; the driver's version is pinned, and the tests of restore insert
 * documents that come through in no other way.
 */
export const DocumentSequence: new (field: string) => DocumentSequence = (
  createRequire(import.meta.url)("mongodb/lib/cmap/commands.js") as {
    DocumentSequence: new (field: string) => DocumentSequence;
  }
).DocumentSequence;
