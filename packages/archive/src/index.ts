export * as tokens from "./line/tokens.ts";
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
export {
  archiveFault,
  archiveReason,
  diskFault,
  missingAs,
  missingFault,
  systemCode,
  type ArchiveFaults,
  type ArchiveReasons,
  type LineProblem,
} from "./archive-faults.ts";
export { checkFile, checkSize, refuseOtherHash } from "./check-file.ts";
export {
  collectionFileText,
  readCollectionFile,
  textFields,
  type CollectionKind,
  type CollectionTexts,
  type SourceCollection,
} from "./collection-file.ts";
export {
  DATABASE_KINDS,
  kindOfSource,
  MONGODB_FOLDER,
  MYSQL_FOLDER,
  otherKind,
  transformFoldersIn,
  type DatabaseKind,
} from "./database-kind.ts";
export { sha256BytesOf, sha256Of, sha256TextOf } from "./digest/sha256.ts";
export { eachPart } from "./each-part.ts";
export {
  about,
  faultAbout,
  faultOf,
  FirebreakError,
  type ExitCode,
  type FindingOf,
  type PlainFault,
} from "./errors.ts";
export { syncFolder, writeDurably } from "./files/durable-file.ts";
export { FolderLock, isProcessAlive } from "./files/folder-lock.ts";
export { exists, listFiles } from "./files/list-files.ts";
export { entriesIn, ProgressLog } from "./files/progress-log.ts";
export {
  apartName,
  apartNames,
  databaseFile,
  fileInArchive,
  originalName,
  safeName,
  sourceDirectory,
} from "./files/safe-name.ts";
export { killPoint } from "./kill-point.ts";
export {
  INDEX_FOLDER,
  parseSuperseded,
  type LineIndex,
  type SupersededLines,
} from "./manifest/line-index.ts";
export { fromByteText, toByteText } from "./line/byte-text.ts";
export { decimalParts, integerDigitsOf, plainDecimal, scaleOf } from "./line/decimal-parts.ts";
export { contentOf, isUuidContent, kindOf, WRAPPERS, type Kind } from "./line/kinds.ts";
export { LineBuffer } from "./line/line-buffer.ts";
export { LineProof } from "./line/line-proof.ts";
export { RAW_LINE_START, rawFields, rawLineDocument, rawLineOf, type RawField } from "./line/raw-line.ts";
export { LineDecoder } from "./line/reading/decode-line.ts";
export { arrayElements, LineFields } from "./line/reading/line-fields.ts";
export { stringLength, stringOf } from "./line/reading/string-content.ts";
export { WRAPPER_NAMES } from "./line/tokens.ts";
export { LineEncoder } from "./line/writing/encode-line.ts";
export { LineWriter } from "./line/writing/line-writer.ts";
export { doubleText, writeInteger } from "./line/writing/write-number.ts";
export { writeEscaped, writeString } from "./line/writing/write-string.ts";
export { writeBase64 } from "./line/writing/write-value.ts";
export type { ExtraCount, ExtraReason } from "./manifest/extra-values.ts";
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
  type RepairManifest,
  type RepairTable,
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
export {
  DELTA_FORMAT_VERSION,
  FORMAT_VERSION,
  formatVersionOf,
  partSchema,
  type Change,
  type Delta,
  type FileEntry,
  type ManifestFormat,
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
export { runFacts, writeManifest, type Protection } from "./manifest/write-manifest.ts";
export { asObject, entriesOf } from "./objects.ts";
export { collectAtLimit } from "./parts/collect-at-limit.ts";
export { collectAfter, collectGarbage, collectOften, collectSeldom } from "./parts/collect-garbage.ts";
export { EmptyLastLines } from "./parts/empty-last-line.ts";
export { HUGE_BYTES, HugeLine } from "./parts/huge-line.ts";
export { LazyPart, type PartPlace } from "./parts/lazy-part.ts";
export { fieldsOf, type Fields, type ReadLine } from "./parts/line-splitter.ts";
export { dropScratch } from "./parts/scratch-parts.ts";
export { readPart, refuseSealed } from "./parts/part-reader.ts";
export { PartWriter, type SealedPart } from "./parts/part-writer.ts";
export { lineBlocks, readLines, type HugeTurn, type LineReading } from "./parts/read-lines.ts";
export {
  LOAD_QUARANTINE,
  QuarantineWriter,
  readRefusedDocuments,
  readRefusedLines,
  type RefusedDocument,
} from "./parts/refused-lines.ts";
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
export { nearestWord } from "./nearest-word.ts";
export {
  asksFor,
  hasIdle,
  idleGlobs,
  type IdleGlob,
  LeftOutTally,
  namespaceTest,
  refuseIdle,
  sourceSelection,
  type Choice,
  type LeftOut,
  type LeftOutReason,
  type NamespaceFilter,
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
export { isSystemDatabase, isSystemNamespace, withConsistency } from "./system-collections.ts";
