import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { diskFault, FolderLock, MANIFEST, missingAs } from "@firebreak/archive";
import { repairFault } from "./repair-faults.ts";

/** The lock file while a repair is written. With it and without a manifest, a killed run left the folder. */
const LOCK = "repair.lock";

/**
 * Checks that a repair may be written to the folder: it does not exist, is empty, or was left by a killed run
 * of Firebreak.
 *
 * @throws {FirebreakError} `repair-folder-taken`
 */
export async function refuseTakenFolder(folder: string): Promise<void> {
  const found = await namesIn(folder);
  const isLeftover = found.includes(LOCK) && !found.includes(MANIFEST);
  if (found.length > 0 && !isLeftover) throw repairFault("repair-folder-taken", { folder, found: found[0]! });
}

/** Makes the folder and removes what a killed run left. The caller releases the lock when all is written. */
export async function takeRepairFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, folder);
  });
  const lock = await FolderLock.take(join(folder, LOCK));
  try {
    await emptyRepairFolder(folder);
    return lock;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Removes everything that a run wrote there, except its lock. */
export async function emptyRepairFolder(folder: string): Promise<void> {
  for (const name of await namesIn(folder))
    if (!name.startsWith(LOCK))
      await rm(join(folder, name), { recursive: true }).catch((error: unknown) => {
        throw diskFault(error, folder);
      });
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(missingAs(folder, []));
}
