export * as tokens from "./line/tokens.ts";
export { about, faultAbout } from "./about-object.ts";
export {
  accountEvent,
  fatesAccount,
  linesAccount,
  namespaceAccount,
  withTables,
  type Account,
  type Note,
  type Stage,
  type StepEvent,
  type TableAccount,
  type TotalIs,
} from "./account.ts";
export {
  readContents,
  readRepairContents,
  readTransformed,
  readTransformedForMongodb,
  type ArchiveContents,
  type ArchiveFile,
  type TransformedFolders,
} from "./archive-contents.ts";
export { archiveFault, diskFault, systemCode, type ArchiveFaults } from "./archive-faults.ts";
export { asObject, entriesOf } from "./objects.ts";
export {
  DATABASE_KINDS,
  kindOfSource,
  MONGODB_FOLDER,
  MYSQL_FOLDER,
  otherKind,
  transformFoldersIn,
  type DatabaseKind,
} from "./database-kind.ts";
export { checkFile, checkSize, refuseOtherHash } from "./check-file.ts";
export {
  collectionFileText,
  readCollectionFile,
  textFields,
  type CollectionTexts,
} from "./collection-file.ts";
export { sha256BytesOf, sha256Of, sha256TextOf } from "./digest/sha256.ts";
export { eachPart } from "./each-part.ts";
export { faultOf, FirebreakError, type ExitCode, type FindingOf, type PlainFault } from "./errors.ts";
export { archiveReason, type ArchiveReasons } from "./archive-reasons.ts";
export type { LineProblem } from "./archive-reasons.ts";
export {
  ReasonError,
  reasonOf,
  reasonsOf,
  reasonWords,
  wordsOf,
  type OwnReason,
  type Reason,
  type ReasonTexts,
} from "./reasons.ts";
export { syncFolder, writeDurably } from "./files/durable-file.ts";
export { exists } from "./files/exists.ts";
export { FolderLock } from "./files/folder-lock.ts";
export { listFiles } from "./files/list-files.ts";
export { isProcessAlive } from "./files/process-alive.ts";
export { entriesIn, ProgressLog } from "./files/progress-log.ts";
export { apartName, apartNames, originalName, safeName } from "./files/safe-name.ts";
export { databaseFile, sourceDirectory } from "./files/source-paths.ts";
export { killPoint } from "./kill-point.ts";
export { fromByteText, toByteText } from "./line/byte-text.ts";
export { decimalParts, integerDigitsOf, plainDecimal, scaleOf } from "./line/decimal-parts.ts";
export { contentOf, isUuidContent, kindOf, WRAPPERS, type Kind } from "./line/kinds.ts";
export { LineBuffer } from "./line/line-buffer.ts";
export { LineProof } from "./line/line-proof.ts";
export { RAW_LINE_START, rawFields, rawLineDocument, rawLineOf, type RawField } from "./line/raw-line.ts";
export { LineDecoder } from "./line/reading/decode-line.ts";
export { arrayElements, LineFields } from "./line/reading/line-fields.ts";
export { stringLength, stringOf } from "./line/reading/string-content.ts";
export { WRAPPER_NAMES } from "./line/wrapper-names.ts";
export { LineEncoder } from "./line/writing/encode-line.ts";
export { LineWriter } from "./line/writing/line-writer.ts";
export { writeBase64 } from "./line/writing/write-base64.ts";
export { doubleText } from "./line/writing/write-double.ts";
export { writeInteger } from "./line/writing/write-integer.ts";
export { writeEscaped, writeString } from "./line/writing/write-string.ts";
export type { ExtraCount, ExtraReason } from "./manifest/extra-values.ts";
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
export type { ManifestFormat } from "./manifest/manifest-format.ts";
export { manifestParts, type ManifestParts } from "./manifest/manifest-parts.ts";
export type { MongodbCollection, MongodbManifest } from "./manifest/mongodb-manifest.ts";
export {
  haveMemberNumbers,
  logicalTable,
  selectTables,
  type Column,
  type MysqlManifest,
  type MysqlNamespace,
  type MysqlTable,
  type OwnTable,
  type TablePart,
  type TableSelection,
} from "./manifest/mysql-manifest.ts";
export {
  isWithheld,
  notCarried,
  type MadeDatabase,
  type NotCarried,
  type NotCarriedKind,
  type NotCarriedReason,
} from "./manifest/not-carried.ts";
export { evidenceSchema, type ProfileDecision, type ProfileFacts } from "./manifest/profile-facts.ts";
export type { RepairManifest, RepairTable } from "./manifest/repair-manifest.ts";
export { runFacts } from "./manifest/run-facts.ts";
export {
  DELTA_FORMAT_VERSION,
  FORMAT_VERSION,
  formatVersionOf,
  partSchema,
  type Change,
  type Delta,
  type FileEntry,
  type PartEntry,
  type Run,
} from "./manifest/schema-parts.ts";
export type { Encryption } from "./manifest/sealed-manifest.ts";
export { archiveVersionOf, type SourceManifest, type SourceNamespace } from "./manifest/source-manifest.ts";
export {
  targetFactsShape,
  type ColumnFacts,
  type TableFacts,
  type TargetFacts,
} from "./manifest/target-facts.ts";
export { writeManifest, type Protection } from "./manifest/write-manifest.ts";
export { withConsistency } from "./namespace-consistency.ts";
export { hasIdle, namespaceTest, refuseIdle, type NamespaceFilter } from "./namespace-filter.ts";
export { collectGarbage, collectOften, collectSeldom } from "./parts/collect-garbage.ts";
export { EmptyLastLines } from "./parts/empty-last-line.ts";
export { HUGE_BYTES, HugeLine } from "./parts/huge-line.ts";
export { fieldsOf, type Fields, type ReadLine } from "./parts/line-splitter.ts";
export { readPart, refuseSealed } from "./parts/part-reader.ts";
export { LazyPart, type PartPlace } from "./parts/lazy-part.ts";
export { PartWriter, type SealedPart } from "./parts/part-writer.ts";
export { lineBlocks, readLines, type HugeTurn, type LineReading } from "./parts/read-lines.ts";
export { readRefusedDocuments, type RefusedDocument } from "./parts/refused-documents.ts";
export { LOAD_QUARANTINE, QuarantineWriter, readRefusedLines } from "./parts/refused-lines.ts";
export { SourceLines, type SourceLine } from "./parts/source-lines.ts";
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
export { hasStrayAt } from "./stray-at.ts";
export { isSystemDatabase, isSystemNamespace } from "./system-collections.ts";
