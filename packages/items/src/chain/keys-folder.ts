import { randomUUID } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isProcessAlive, sha256Of } from "@firebreak/archive";

const HOST = sha256Of(hostname()).slice(0, 8);
const LEFT = new RegExp(`^superseded-${HOST}-(\\d+)-.*\\.partial$`);

/**
 * Returns the path of a folder for keys in a folder that several processes may use. Removes what killed
 * processes of this host left there.
 */
export function keysFolder(work: string): string {
  for (const name of namesIn(work)) {
    const owner = LEFT.exec(name)?.[1];
    if (owner !== undefined && !isProcessAlive(Number(owner)))
      rmSync(join(work, name), { recursive: true, force: true });
  }
  return join(work, `superseded-${HOST}-${process.pid}-${randomUUID()}.partial`);
}

/** Lists nothing if the folder cannot be read: whoever writes there reports why. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
