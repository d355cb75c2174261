export {
  compareDefinitions,
  isIdIndex,
  isSameOptions,
  listPlaces,
  unknownIndexes,
  type DefinitionDifference,
} from "./definitions/compare-definitions.ts";
export { creatableDefinition, type LeftBehind } from "./definitions/creatable-definition.ts";
export { documentOf, readDefinition, type Definition } from "./definitions/definition.ts";
export { mapOf } from "./driver/bson-map.ts";
export { connectMongodb, type MongodbSource } from "./driver/connect.ts";
export {
  explainMongodb,
  type MongodbFaults,
  mongodbReason,
  type MongodbReasons,
  serverCodeOf,
} from "./driver/mongodb-faults.ts";
export { lineText, namesIn, storedIn, type Namespace } from "./driver/namespaces.ts";
export { missingActions, type NeededActions } from "./driver/privileges.ts";
export { Retry, withRetry, type RetrySettings } from "./driver/retry.ts";
export { caseTwins, nameProblem, type CaseTwins, type NameProblem } from "./driver/unfit-names.ts";
export type { ChangeEvent } from "./source/changes/change-event.ts";
export { ChangeStream } from "./source/changes/change-stream.ts";
export {
  appliedTime,
  compareTimes,
  majorityTime,
  secondsOf,
  type ClusterTime,
} from "./source/cluster-time.ts";
export { databaseTest } from "./source/glob-halves.ts";
export {
  collectionSize,
  countDocuments,
  isAscending,
  planKeyRanges,
  type KeyRange,
} from "./source/key-ranges.ts";
export { readDocuments, type OpenArchive } from "./source/read-documents.ts";
export { documentKey } from "./source/read-position.ts";
export { readRange } from "./source/read-range.ts";
export { hasSnapshots, isSayableKey, isSnapshotGone, readKeys, type ReadMoment } from "./source/snapshot.ts";
export { listNamespaces, listSource } from "./source/source-namespaces.ts";
export { findDifferences } from "./target/proof/differing-documents.ts";
export {
  type Proof,
  proveCollections,
  type ProvedRange,
  proveRange,
  type ProveTask,
  type ToProve,
} from "./stored/prove-collections.ts";
export { putInStoredForm } from "./stored/stored-form.ts";
export { buildIndexes, builtIndexes, expires } from "./target/collections/build-indexes.ts";
export { createCollection, dropCollection } from "./target/collections/create-collection.ts";
export type { LedgerPart, LedgerState } from "./target/ledger/ledger-entry.ts";
export {
  addToLedger,
  dropLedger,
  forgetParts,
  LEDGER,
  readLedger,
  writeLedgerHead,
  writeLedgerState,
  type Ledger,
} from "./target/ledger/ledger.ts";
export { forgetLoad } from "./target/ledger/load-ledger.ts";
export { listedDatabases } from "./target/target-facts.ts";
export { TargetLock } from "./target/target-lock.ts";
export { DocumentBatch, inBatches } from "./target/writing/document-batches.ts";
export { putDocuments } from "./target/writing/put-documents.ts";
export { DUPLICATE_KEY, insertDocuments, type InsertError } from "./target/writing/write-documents.ts";
export { restoreZeroTimestamps } from "./target/writing/zero-timestamps.ts";
