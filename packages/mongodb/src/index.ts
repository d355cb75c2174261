export { mapOf } from "./bson-map.ts";
export { forgetChain, readChains, writeChain, type LedgerChain, type LedgerLink } from "./chain-ledger.ts";
export type { ChangeEvent } from "./change-event.ts";
export { ChangeStream, type StreamScope } from "./change-stream.ts";
export { appliedTime, compareTimes, majorityTime, secondsOf, type ClusterTime } from "./cluster-time.ts";
export { connectMongodb, type MongodbSource } from "./connect.ts";
export { buildIndexes, builtIndexes, expires } from "./build-indexes.ts";
export { changeCollection, type CollectionChanges } from "./change-collection.ts";
export type { ChangedField } from "./changed-fields.ts";
export {
  compareDefinitions,
  isIdIndex,
  isSameOptions,
  listPlaces,
  unknownIndexes,
  type DefinedCollection,
  type DefinitionDifference,
} from "./compare-definitions.ts";
export { createCollection, createIndexes, dropCollection } from "./create-collection.ts";
export { creatableDefinition, type CreatableDefinition, type LeftBehind } from "./creatable-definition.ts";
export { documentOf, readDefinition, type Definition } from "./definition.ts";
export { deleteDocuments } from "./delete-documents.ts";
export { databaseTest } from "./glob-halves.ts";
export { idOf } from "./document-ids.ts";
export { DocumentBatch, inBatches } from "./document-batches.ts";
export {
  compareBuckets,
  documentDifferences,
  type ArchivedLines,
  type ComparedCollection,
} from "./document-differences.ts";
export { findDifferences } from "./find-differences.ts";
export {
  collectionSize,
  isAscending,
  countDocuments,
  planKeyRanges,
  survivesObjects,
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
export { linesOfChain, openMadeChain, type LinkLines, type MadeLink } from "./made-chain.ts";
export { explainMongodb, failureOf, mongodbFault, refusalOf, type MongodbFaults } from "./mongodb-faults.ts";
export { namesIn, lineText, storedIn, type Namespace } from "./namespaces.ts";
export { listNamespaces, listSource, type SourceNamespaces } from "./source-namespaces.ts";
export { missingActions, type NeededActions } from "./privileges.ts";
export { NO_PATIENCE, patiently, Patience, type PatienceSettings } from "./patience.ts";
export { proveCollections, type Proof, type ToProve } from "./prove-collections.ts";
export { proveRange, type ProvedRange, type ProveTask } from "./prove-range.ts";
export { putDocuments } from "./put-documents.ts";
export { readDocuments, type OpenArchive } from "./read-documents.ts";
export { readRange } from "./read-range.ts";
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
} from "./load-ledger.ts";
export { refusedDigest, refusedLines, type RefusedLines } from "./refused-lines.ts";
export { documentKey } from "./read-position.ts";
export { hasSnapshots, isSayableKey, isSnapshotGone, readKeys, type ReadMoment } from "./snapshot.ts";
export { documentsRefusal, isOfDocument } from "./refusal-codes.ts";
export { putInStoredForm, type LinePlace, type StoredChange } from "./stored-form.ts";
export { storedDocuments } from "./stored-documents.ts";
export { listedDatabases, targetFacts, type TargetFacts } from "./target-facts.ts";
export { unlikeDefinition, type Unlikeness } from "./unlike-definition.ts";
export { TargetLock } from "./target-lock.ts";
export { DUPLICATE_KEY, insertDocuments, type InsertError } from "./write-documents.ts";
export { restoreZeroTimestamps, type ZeroTimestamps } from "./zero-timestamps.ts";
export { caseTwins, nameProblem, type CaseTwins, type NameProblem } from "./unfit-names.ts";
