import { stat } from "node:fs/promises";
import { diskFault, type NamespaceFilter } from "@firebreak/archive";
import { openArchiveDump } from "./archive-dump.ts";
import type { Dump } from "./dump.ts";
import { openFolderDump } from "./folder-dump.ts";
import { mongodumpFault } from "./mongodump-faults.ts";

/**
 * Opens what mongodump wrote: the folder of `--out` or the file of `--archive`,
 * either with or without `--gzip`. Metadata is read now, documents later.
 *
 * Databases and collections of the server's own are left out, as in an export from a server.
 *
 * @throws {FirebreakError} `dump-missing`, `dump-foreign`, `dump-database-folder`,
 * `dump-database-name`, `dump-file-missing`, `dump-file-twice`, `dump-name-unknown`,
 * `dump-metadata` or `dump-damaged`.
 */
export async function openDump(path: string, filter: NamespaceFilter): Promise<Dump> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? mongodumpFault("dump-missing", { path }, error) : diskFault(error, path);
  });
  return found.isDirectory() ? openFolderDump(path, filter) : openArchiveDump(path, filter);
}
