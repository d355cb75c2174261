export type { Dump, DumpBatch, DumpOplog, DumpRemark } from "./dump.ts";
export { DumpFolderWriter, type DumpCollectionWriter } from "./dump-folder-writer.ts";
export { mongodumpFault, type MongodumpFaults } from "./mongodump-faults.ts";
export { openDump } from "./open-dump.ts";
export { ChangedDocuments, type ChangedCollection } from "./oplog/changed-documents.ts";
export { OplogChanges, type OplogChange } from "./oplog/oplog-changes.ts";
export type { JsonExpected, MongodumpReasons } from "./mongodump-reasons.ts";
