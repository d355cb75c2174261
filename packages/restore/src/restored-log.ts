import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { diskFault, entriesIn, ProgressLog } from "@firebreak/archive";

/** The file in the work folder that lists finished restores. */
const RESTORED_FILE = "restored.ndjson";

/** A finished restore. Its ledgers are removed from the target, so only this entry is left. */
export interface FinishedRestore {
  readonly manifestSha256: string;
  readonly server: string;
  readonly settings: string;
  readonly finishedAt: string;
}

/**
 * Returns the last time this archive was restored completely with these settings to this server. Undefined if
 * it never was from here.
 */
export async function lastRestored(
  work: string,
  restore: Omit<FinishedRestore, "finishedAt">,
): Promise<string | undefined> {
  const file = join(work, RESTORED_FILE);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return "";
    throw diskFault(error, file);
  });
  return entriesIn<FinishedRestore>(text).findLast(
    (f) =>
      f.manifestSha256 === restore.manifestSha256 &&
      f.server === restore.server &&
      f.settings === restore.settings,
  )?.finishedAt;
}

/** Opens the log. An unwritable folder is thus found before the target is changed. */
export async function openRestoredLog(work: string): Promise<ProgressLog<FinishedRestore>> {
  await mkdir(work, { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, work);
  });
  return (await ProgressLog.open<FinishedRestore>(join(work, RESTORED_FILE))).log;
}
