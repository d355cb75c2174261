import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { diskFault } from "../archive-faults.ts";

/** Makes a rename in a folder survive a power cut. The folder itself must be synced for that. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a small file that exists with all its content or not at all, also after a power cut: temporary name,
 * write, sync, rename, sync the folder.
 *
 * @param mode the permissions of the file, if they are not those that the user's new files have.
 */
export async function writeDurably(file: string, content: string | Uint8Array, mode?: number): Promise<void> {
  const partial = `${file}.partial`;
  try {
    const handle = await open(partial, "w", mode);
    try {
      // A file of that name that an earlier run left has the permissions of that run.
      if (mode !== undefined) await handle.chmod(mode);
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
    await syncFolder(dirname(file));
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw diskFault(error, file);
  }
}
