import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { archiveFault } from "../archive-faults.ts";

/**
 * Returns every file below a folder, relative to it with `/`, sorted by bytes.
 *
 * @throws {FirebreakError} `file-not-regular` for a link, socket or device: an archive has none, and
 * following a link would read what is not part of it.
 */
export async function listFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  async function walk(below: string): Promise<void> {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const file = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await walk(file);
      else if (entry.isFile()) found.push(file);
      else throw archiveFault("file-not-regular", { file });
    }
  }
  await walk("");
  return found.sort();
}

/** Returns true if a path exists and this process may look at it. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
