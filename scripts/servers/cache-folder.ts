import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { findDamage, sealTree } from "./tree-checksums.ts";
import { lockFile } from "./lock-file.ts";
import { CommandError } from "./run-quietly.ts";
import { say } from "./say.ts";
import { SetUpError } from "./set-up-error.ts";

/** `$XDG_CACHE_HOME/firebreak` or `~/.cache/firebreak`: the only place outside the project that is written to. */
function cacheFolder(): string {
  // The XDG base directory specification: a relative value is to be ignored.
  const base = process.env["XDG_CACHE_HOME"];
  return join(base?.startsWith("/") ? base : join(homedir(), ".cache"), "firebreak");
}

export interface CachedTree {
  /** Name of the folder inside the cache; a recipe that changes takes a new name. */
  readonly name: string;
  /** What it is, for a person. */
  readonly title: string;
  /** What to do where it cannot be fetched. */
  readonly remedy: string;
  /** Fills the empty folder `into`. Nothing of it is seen by others if this throws. */
  readonly build: (into: string) => Promise<void>;
}

/**
 * The path of a tree whose every file has the checksum it was installed with.
 * A missing or damaged one is built under another name and renamed into place;
 * of several processes one builds and the others wait for it.
 * @throws SetUpError when it cannot be built; the cache is as it was, less what was damaged.
 */
export async function cachedTree({ name, title, remedy, build }: CachedTree): Promise<string> {
  const cache = cacheFolder();
  const path = join(cache, name);
  await mkdir(cache, { recursive: true });
  if ((await findDamage(path)) === undefined) return path;

  await using _lock = await lockFile(join(cache, `${name}.lock`), `${title} to be fetched by another run`);
  const damage = await findDamage(path);
  if (damage === undefined) return path;
  if (damage !== "absent") say(`the cached ${title} is damaged (${damage}), so it is fetched again`);

  for (const left of await readdir(cache)) {
    if (left.startsWith(`${name}.partial-`)) await rm(join(cache, left), { recursive: true, force: true });
  }
  const partial = join(cache, `${name}.partial-${process.pid}`);
  try {
    await mkdir(partial);
    await build(partial);
    await sealTree(partial);
    await rm(path, { recursive: true, force: true });
    await rename(partial, path);
    await syncFolder(cache);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new SetUpError(`${title} could not be fetched, because ${error.message}`, remedy, {
      cause: error,
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return path;
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path);
  await folder.sync();
}
