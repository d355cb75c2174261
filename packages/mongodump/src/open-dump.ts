import { stat } from "node:fs/promises";
import { type NamespaceFilter, missingFault } from "@firebreak/archive";
import { openArchiveDump } from "./archive-dump.ts";
import type { Dump } from "./dump.ts";
import { fileContents, folderContents } from "./folder-contents.ts";
import { openFolderDump } from "./folder-dump.ts";
import { mongodumpFault } from "./mongodump-faults.ts";

/** Matches mongodump's names for files of collections. The file of `--archive` may have any name. */
const COLLECTION_FILE = /\.bson(?:\.gz)?$/;

/**
 * Opens the output of mongodump: the folder of `--out`, the folder of one database in it, the file of one
 * collection, or the file of `--archive`, each with or without `--gzip`. Metadata is read now, documents
 * later.
 *
 * Databases and collections that belong to the server are left out, as in an export from a server.
 *
 * @throws {FirebreakError} `dump-missing`, `dump-foreign`, `dump-mixed`, `dump-database-name`,
 * `dump-file-missing`, `dump-file-twice`, `dump-name-unknown`, `dump-metadata` or `dump-damaged`.
 */
export async function openDump(path: string, filter: NamespaceFilter): Promise<Dump> {
  const found = await stat(path).catch(
    missingFault(path, (cause) => mongodumpFault("dump-missing", { path }, cause)),
  );
  if (found.isDirectory()) return openFolderDump(path, await folderContents(path), filter);
  if (COLLECTION_FILE.test(path)) return openFolderDump(path, await fileContents(path), filter);
  return openArchiveDump(path, filter);
}
