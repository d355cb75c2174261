export {
  accountEvent,
  fatesAccount,
  linesAccount,
  namespaceAccount,
  withTables,
  type Account,
  type StepEvent,
  type TableAccount,
  type TotalIs,
} from "./account.ts";
export {
  MONGODB_FOLDER,
  MYSQL_FOLDER,
  readContents,
  readRepairContents,
  readTransformed,
  readTransformedForMongodb,
  type ArchiveContents,
  type ArchiveFile,
  type TransformedFolders,
} from "./archive-contents.ts";
export { archiveFault, diskFault, type ArchiveFaults } from "./archive-faults.ts";
export { checkFile, checkSize, refuseOtherHash } from "./check-file.ts";
export {
  collectionFileText,
  readCollectionFile,
  textFields,
  type CollectionTexts,
} from "./collection-file.ts";
export {
  CSV_DIALECT,
  csvRow,
  csvRowPieces,
  loadDataStatement,
  putCsvRow,
  quoteIdentifier,
  quoteText,
} from "./csv-dialect.ts";
export {
  base64Length,
  BYTES_MARK,
  canonicalBytes,
  RowHasher,
  TEXT_MARK,
  type CellForm,
  type RowEncoding,
} from "./digest/row-hash.ts";
export { cellOf } from "./digest/cell-of.ts";
export { identifyingColumns, keyIndexes, keyText, RowIdentity } from "./digest/row-identity.ts";
export { sha256BytesOf, sha256Of } from "./digest/sha256.ts";
export {
  addDigests,
  EMPTY_DIGEST,
  isSameDigest,
  subtractDigests,
  TableDigest,
  type PlainDigest,
} from "./digest/table-digest.ts";
export { eachPart } from "./each-part.ts";
export { killPoint } from "./kill-point.ts";
export { about, faultAbout } from "./about-object.ts";
export { faultOf, FirebreakError, reasonOf, type ExitCode, type PlainFault } from "./errors.ts";
export { syncFolder, writeDurably } from "./files/durable-file.ts";
export { exists } from "./files/exists.ts";
export { FolderLock } from "./files/folder-lock.ts";
export { isProcessAlive } from "./files/process-alive.ts";
export { listFiles } from "./files/list-files.ts";
export { ProgressLog } from "./files/progress-log.ts";
export { apartName, apartNames, originalName, safeName } from "./files/safe-name.ts";
export { databaseFile, sourceDirectory } from "./files/source-paths.ts";
export { fromByteText, toByteText } from "./line/byte-text.ts";
export { contentOf, isUuidContent, kindOf, WRAPPERS, type Kind } from "./line/kinds.ts";
export { stringLength, stringOf } from "./line/string-content.ts";
export { doubleText } from "./line/write-double.ts";
export { decimalParts, integerDigitsOf, plainDecimal, scaleOf } from "./line/decimal-parts.ts";
export { LineBuffer } from "./line/line-buffer.ts";
export { LineDecoder } from "./line/decode-line.ts";
export { LineEncoder } from "./line/encode-line.ts";
export { arrayElements, LineFields } from "./line/line-fields.ts";
export { LineProof } from "./line/line-proof.ts";
export { LineWriter } from "./line/line-writer.ts";
export { RAW_LINE_START, rawFields, rawLineDocument, rawLineOf, type RawField } from "./line/raw-line.ts";
export { WRAPPER_NAMES } from "./line/wrapper-names.ts";
export type { ExtraCount, ExtraReason } from "./manifest/extra-values.ts";
export {
  isWithheld,
  notCarried,
  type MadeDatabase,
  type NotCarried,
  type NotCarriedKind,
  type NotCarriedReason,
} from "./manifest/not-carried.ts";
export { fileInArchive } from "./manifest/file-path.ts";
export {
  CHECKSUMS,
  formatOf,
  hasManifest,
  listFolder,
  MANIFEST,
  readMongodbManifest,
  readMysqlManifest,
  readRepairManifest,
  readSourceManifest,
  type FolderListing,
  type ReadManifest,
} from "./manifest/manifest-file.ts";
export { manifestParts, type ManifestParts } from "./manifest/manifest-parts.ts";
export type { ManifestFormat } from "./manifest/manifest-text.ts";
export type { Encryption } from "./manifest/sealed-manifest.ts";
export { writeManifest, type Protection } from "./manifest/write-manifest.ts";
export type {
  Column,
  MysqlManifest,
  MysqlNamespace,
  MysqlTable,
  OwnTable,
  TablePart,
  TableSelection,
} from "./manifest/mysql-manifest.ts";
export { archiveVersionOf } from "./manifest/source-manifest.ts";
export { runFacts } from "./manifest/run-facts.ts";
export { haveMemberNumbers, logicalTable, selectTables } from "./manifest/mysql-manifest.ts";
export type { ProfileDecision, ProfileFacts } from "./manifest/profile-facts.ts";
export {
  targetFactsSchema,
  type ColumnFacts,
  type TableFacts,
  type TargetFacts,
} from "./manifest/target-facts.ts";
export type { RepairManifest, RepairTable } from "./manifest/repair-manifest.ts";
export type { MongodbCollection, MongodbManifest } from "./manifest/mongodb-manifest.ts";
export {
  DELTA_FORMAT_VERSION,
  FORMAT_VERSION,
  formatVersionOf,
  type Change,
  type Delta,
  type FileEntry,
  type PartEntry,
  type Run,
} from "./manifest/schema-parts.ts";
export type { SourceManifest, SourceNamespace } from "./manifest/source-manifest.ts";
export { withConsistency } from "./namespace-consistency.ts";
export { hasIdle, namespaceTest, refuseIdle, type NamespaceFilter } from "./namespace-filter.ts";
export { collectGarbage, collectOften, collectSeldom } from "./parts/collect-garbage.ts";
export { EmptyLastLines } from "./parts/empty-last-line.ts";
export { readPart, refuseSealed } from "./parts/part-reader.ts";
export { HUGE_BYTES, HugeLine } from "./parts/huge-line.ts";
export { fieldsOf, readLines, type Fields, type HugeTurn, type ReadLine } from "./parts/read-lines.ts";
export { csvRows } from "./parts/csv-rows.ts";
export { csvCells, readCsv } from "./parts/read-csv.ts";
export { LOAD_QUARANTINE, RefusedLinesWriter } from "./parts/refused-lines.ts";
export { readRefusedDocuments, type RefusedDocument } from "./parts/refused-documents.ts";
export { parsePartEntry, readRefusedRows, writeRefusedRows, type RefusedRow } from "./parts/refused-rows.ts";
export { cellOfLine } from "./row-values/cell-of-line.ts";
export { membersOf, needsNumbers } from "./row-values/members.ts";
export { momentText } from "./row-values/moment-text.ts";
export { indexColumns, type IndexColumn } from "./row-values/index-columns.ts";
export { jsonDecimals, type JsonDecimal } from "./row-values/json-decimals.ts";
export { ownColumn, withoutWidth } from "./row-values/own-column.ts";
export { sqlFamily, type SqlFamily } from "./row-values/sql-family.ts";
export { SourceLines, type SourceLine } from "./parts/source-lines.ts";
export { PartWriter, type SealedPart } from "./parts/part-writer.ts";
export { lineFormOf, type LineForm } from "./row-values/line-form.ts";
export { RowLineWriter, type LineColumn } from "./row-values/row-line-writer.ts";
export { UnsayableCharacters, type ServerCell } from "./row-values/unsayable-characters.ts";
export {
  databaseFileText,
  memberNumbersOf,
  objectNames,
  readDatabaseFile,
  readTableFile,
  tableFileText,
  type SourceColumn,
  type SourceDatabase,
  type SourceTable,
  type StoredObject,
} from "./source-table.ts";
export { hasStrayAt, STRAY_AT } from "./stray-at.ts";
export { AGE_SUFFIX } from "./protection/age-file.ts";
export {
  checkRecipient,
  IDENTITY_FILE,
  identityOfPassphrase,
  readIdentities,
} from "./protection/identity.ts";
export { readSigningKey, readTrustedKey } from "./protection/signature.ts";
export { readSmallFile, writeSmallFile } from "./protection/small-file.ts";
export type { CollectionKind, SourceCollection } from "./source-collection.ts";
export {
  asksFor,
  LeftOutTally,
  sourceSelection,
  type Choice,
  type LeftOut,
  type LeftOutReason,
} from "./source-selection.ts";
export { isSystemDatabase, isSystemNamespace } from "./system-collections.ts";
export { DOCUMENT_KEY, keyLineOf } from "./chain/key-line.ts";
export { KeySet } from "./chain/key-set.ts";
export { RepeatedKeys, type LineAt, type RepeatedKey } from "./chain/repeated-keys.ts";
export {
  openChain,
  refuseDelta,
  refuseUnlinked,
  type ChainLink,
  type ChainOptions,
} from "./chain/open-chain.ts";
export { collectionOrder, documentOf, documentOrder } from "./key-order/document-order.ts";
export { keyIndexOf, rowOrder } from "./key-order/row-order.ts";
export { GatheredLines } from "./sorting/gathered-lines.ts";
export { KeyStore } from "./sorting/key-store.ts";
export type { SealedKeys } from "./sorting/key-store-layout.ts";
export { KeyStoreWriter } from "./sorting/key-store-writer.ts";
export { LineSorter } from "./sorting/line-sorter.ts";
export { chainNamespaces, type ChainListing, type ChainNamespace } from "./chain/chain-namespaces.ts";
export { mergeRuns } from "./sorting/merge-runs.ts";
export { SortedRun, type SortedLine } from "./sorting/sorted-run.ts";
export type { RangeCut, RangePlan } from "./merging/cut-ranges.ts";
export { eachBlock, type ChainReading } from "./merging/later-lines.ts";
export { mergeByKey, mergeByPlace, OrderUnknown, type OrderOf } from "./merging/merged-lines.ts";
export type { PartsTarget } from "./merging/range-parts.ts";
export { writeMerged, type WrittenLines } from "./merging/write-merged.ts";
export { madeFolders, madeOfLink, type MadeManifests, type MadeOfLink } from "./chain/made-of-link.ts";
