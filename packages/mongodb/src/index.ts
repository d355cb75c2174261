export { mapOf } from "./bson-map.ts";
export { connectMongodb, type MongodbSource } from "./connect.ts";
export { createCollection, createIndexes, dropCollection, expireDocuments } from "./create-collection.ts";
export type { ChangedField } from "./changed-fields.ts";
export { compareBuckets, documentDifferences, type ComparedCollection } from "./document-differences.ts";
export {
  collectionSize,
  countDocuments,
  planKeyRanges,
  type CollectionSize,
  type KeyRange,
} from "./key-ranges.ts";
export {
  addToLedger,
  dropLedger,
  forgetParts,
  LEDGER,
  readLedger,
  writeLedgerHead,
  writeLedgerState,
  type Ledger,
  type LedgerPart,
  type LedgerState,
} from "./ledger.ts";
export { explainMongodb, mongodbFault, type MongodbFaults } from "./mongodb-faults.ts";
export { lineText, listDatabase, listNamespaces, storedIn, type Namespace } from "./namespaces.ts";
export { missingActions, type NeededActions } from "./privileges.ts";
export { NO_PATIENCE, patiently, Patience, type PatienceSettings } from "./patience.ts";
export { readDocuments, type OpenArchive } from "./read-documents.ts";
export { readRange } from "./read-range.ts";
export { TargetLock } from "./target-lock.ts";
export { insertDocuments } from "./write-documents.ts";
export { restoreZeroTimestamps, zeroTimestampsOf, type ZeroTimestamps } from "./zero-timestamps.ts";
