import { readdir } from "node:fs/promises";
import { MANIFEST, missingAs } from "@firebreak/archive";
import { exportFault } from "./export-faults.ts";

/** The file in an unfinished archive that lists what earlier runs have done. */
export const PROGRESS_FILE = "export-progress.ndjson";

/** The file that keeps a second export out of the folder. */
export const LOCK_FILE = "export.lock";

/**
 * Returns the names in a folder that an export may write to; empty if the folder does not exist yet.
 *
 * @throws {FirebreakError} `archive-exists` or `archive-folder-taken`.
 */
export async function refuseTaken(archive: string): Promise<string[]> {
  const names = await readdir(archive).catch(missingAs(archive, []));
  const found = names.filter((name) => !name.startsWith(LOCK_FILE));
  if (found.includes(MANIFEST) && !found.includes(PROGRESS_FILE))
    throw exportFault("archive-exists", { archive });
  if (found.length > 0 && !found.includes(PROGRESS_FILE))
    throw exportFault("archive-folder-taken", { archive, found: found[0]! });
  return found;
}
