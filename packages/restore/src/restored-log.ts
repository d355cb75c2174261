import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { diskFault, ProgressLog } from "@firebreak/archive";

/** The file in the work folder that says which restores were finished. */
const RESTORED_FILE = "restored.ndjson";

/** One finished restore. Its ledgers are gone, so that the target is as the backup; this is what remains to know. */
export interface FinishedRestore {
  readonly manifestSha256: string;
  readonly server: string;
  readonly settings: string;
  readonly finishedAt: string;
}

/** When this archive was last restored whole with these settings to this server; undefined if it never was from here. */
export async function lastRestored(
  work: string,
  restore: Omit<FinishedRestore, "finishedAt">,
): Promise<string | undefined> {
  const file = join(work, RESTORED_FILE);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return "";
    throw diskFault(error, file);
  });
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as FinishedRestore)
    .findLast(
      (f) =>
        f.manifestSha256 === restore.manifestSha256 &&
        f.server === restore.server &&
        f.settings === restore.settings,
    )?.finishedAt;
}

/** Opens the log, so that a folder that cannot be written is found out before the target is. */
export async function openRestoredLog(work: string): Promise<ProgressLog<FinishedRestore>> {
  await mkdir(work, { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, work);
  });
  return (await ProgressLog.open<FinishedRestore>(join(work, RESTORED_FILE))).log;
}
