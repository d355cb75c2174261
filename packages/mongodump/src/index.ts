export type { Dump, DumpBatch } from "./dump.ts";
export { DumpFolderWriter, type DumpCollectionWriter } from "./dump-folder-writer.ts";
export type { DumpRemark } from "./dump-remark.ts";
export { mongodumpFault, type MongodumpFaults } from "./mongodump-faults.ts";
export { openDump } from "./open-dump.ts";
