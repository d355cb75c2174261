import { readFileSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

const serversFolder = join(import.meta.dirname, "..", "..", ".servers");

/** A folder under `.servers/` for the data of one run's servers. */
export interface RunFolder {
  readonly path: string;
  /** To be called when nothing writes there any more. */
  remove(): Promise<void>;
}

/**
 * Makes a new run's folder, and removes those whose process is gone.
 * The folder goes with this process at the latest, unless that is killed with -9.
 */
export async function createRunFolder(): Promise<RunFolder> {
  await mkdir(serversFolder, { recursive: true });
  await removeStale();
  const path = await mkdtemp(join(serversFolder, "run-"));
  await writeFile(join(path, "owner"), ownerOf(process.pid) ?? "");
  // Also after `remove`: a server that was still starting may have written since.
  process.once("exit", () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

async function removeStale(): Promise<void> {
  for (const name of await readdir(serversFolder)) {
    const path = join(serversFolder, name);
    const owner = await readFile(join(path, "owner"), "utf8").catch(() => "");
    const [host, pid] = owner.split(" ");
    // A folder shared with another machine or container: its processes cannot be seen from here.
    if (host !== hostname()) continue;
    if (ownerOf(Number(pid)) !== owner) await rm(path, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Names a living process so that a later one with the same id has another name; undefined when there is none. */
function ownerOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return undefined;
  }
  return `${hostname()} ${pid} ${startTime(pid)}`;
}

function startTime(pid: number): string {
  try {
    // proc(5): the 22nd field; the second, a name in parentheses, may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1");
    return fields.slice(fields.lastIndexOf(")") + 2).split(" ")[19] ?? "?";
  } catch {
    return "?";
  }
}
