export {
  compareDefinitions,
  isIdIndex,
  isSameOptions,
  listPlaces,
  unknownIndexes,
  type DefinedCollection,
  type DefinitionDifference,
} from "./definitions/compare-definitions.ts";
export {
  creatableDefinition,
  type CreatableDefinition,
  type LeftBehind,
} from "./definitions/creatable-definition.ts";
export { documentOf, readDefinition, type Definition } from "./definitions/definition.ts";
export { unlikeDefinition, type Unlikeness } from "./definitions/unlike-definition.ts";
export { mapOf } from "./driver/bson-map.ts";
export { connectMongodb, type MongodbSource } from "./driver/connect.ts";
export { idOf } from "./driver/document-ids.ts";
export {
  explainMongodb,
  failureOf,
  mongodbFault,
  refusalOf,
  type MongodbFaults,
} from "./driver/mongodb-faults.ts";
export { lineText, namesIn, storedIn, type Namespace } from "./driver/namespaces.ts";
export { missingActions, type NeededActions } from "./driver/privileges.ts";
export { NO_RETRY, Retry, withRetry, type RetrySettings } from "./driver/retry.ts";
export { caseTwins, nameProblem, type CaseTwins, type NameProblem } from "./driver/unfit-names.ts";
export type { ChangeEvent } from "./source/changes/change-event.ts";
export { ChangeStream, type StreamScope } from "./source/changes/change-stream.ts";
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
  survivesObjects,
  type CollectionSize,
  type KeyRange,
} from "./source/key-ranges.ts";
export { readDocuments, type OpenArchive } from "./source/read-documents.ts";
export { documentKey } from "./source/read-position.ts";
export { readRange } from "./source/read-range.ts";
export { hasSnapshots, isSayableKey, isSnapshotGone, readKeys, type ReadMoment } from "./source/snapshot.ts";
export { listNamespaces, listSource, type SourceNamespaces } from "./source/source-namespaces.ts";
export type { ChangedField } from "./stored/changed-fields.ts";
export {
  compareBuckets,
  documentDifferences,
  type ArchivedLines,
  type ComparedCollection,
} from "./stored/document-differences.ts";
export { findDifferences } from "./stored/find-differences.ts";
export { linesOfChain, openMadeChain, type LinkLines, type MadeLink } from "./stored/made-chain.ts";
export { proveCollections, type Proof, type ToProve } from "./stored/prove-collections.ts";
export { proveRange, type ProvedRange, type ProveTask } from "./stored/prove-range.ts";
export { storedDocuments } from "./stored/stored-documents.ts";
export { putInStoredForm, type LinePlace, type StoredChange } from "./stored/stored-form.ts";
export { buildIndexes, builtIndexes, expires } from "./target/collections/build-indexes.ts";
export { changeCollection, type CollectionChanges } from "./target/collections/change-collection.ts";
export { createCollection, createIndexes, dropCollection } from "./target/collections/create-collection.ts";
export {
  forgetChain,
  readChains,
  writeChain,
  type LedgerChain,
  type LedgerLink,
} from "./target/ledger/chain-ledger.ts";
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
} from "./target/ledger/ledger.ts";
export {
  forgetLoad,
  forgetLoadedParts,
  readLoadLedger,
  writeLoadedPart,
  writeLoadState,
  type LoadedCollection,
  type LoadedPart,
  type LoadLedger,
  type ProvedCollection,
} from "./target/ledger/load-ledger.ts";
export { refusedDigest, refusedLines, type RefusedLines } from "./target/ledger/refused-lines.ts";
export { listedDatabases, targetFacts, type TargetFacts } from "./target/target-facts.ts";
export { TargetLock } from "./target/target-lock.ts";
export { deleteDocuments } from "./target/writing/delete-documents.ts";
export { DocumentBatch, inBatches } from "./target/writing/document-batches.ts";
export { putDocuments } from "./target/writing/put-documents.ts";
export { documentsRefusal, isOfDocument } from "./target/writing/refusal-codes.ts";
export { DUPLICATE_KEY, insertDocuments, type InsertError } from "./target/writing/write-documents.ts";
export { restoreZeroTimestamps, type ZeroTimestamps } from "./target/writing/zero-timestamps.ts";
export { mongodbReason, type MongodbReasons } from "./driver/mongodb-reasons.ts";
