import { randomUUID } from "node:crypto";
import { constants, copyFile, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { archiveFault, diskFault } from "../archive-faults.ts";
import { isProcessAlive } from "./process-alive.ts";

/** A holder touches its lock this often, and is taken for dead after missing it for so long. */
const TOUCH_MS = 5_000;
const STALE_MS = 30_000;

interface Holder {
  readonly host: string;
  readonly pid: number;
  readonly id: string;
}

/**
 * Keeps two runs from writing into one folder: a file that its holder touches
 * every few seconds. A holder that was killed is known by its process on the same
 * host at once, from another host when the file has not been touched for 30 s.
 */
export class FolderLock {
  readonly #file: string;
  readonly #touching: NodeJS.Timeout;

  private constructor(file: string) {
    this.#file = file;
    this.#touching = setInterval(() => {
      const now = new Date();
      // The folder may be gone, or the disk: the work itself will say so.
      utimes(file, now, now).catch(() => undefined);
    }, TOUCH_MS);
    this.#touching.unref();
  }

  /** @throws {FirebreakError} `folder-locked` when another run holds it, or `disk-failed`. */
  static async take(file: string): Promise<FolderLock> {
    const own: Holder = { host: hostname(), pid: process.pid, id: randomUUID() };
    for (;;) {
      if (await createWith(file, JSON.stringify(own))) return new FolderLock(file);
      const found = await holderOf(file);
      if (found === undefined) continue;
      if (found.isAlive) throw archiveFault("folder-locked", { file, host: found.host, pid: found.pid });
      await removeStale(file, found.text);
    }
  }

  async release(): Promise<void> {
    clearInterval(this.#touching);
    await rm(this.#file, { force: true });
  }
}

/** Without hard links: memory sticks have none. */
async function createWith(file: string, text: string): Promise<boolean> {
  try {
    const handle = await open(file, "wx");
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw diskFault(error, file);
  }
}

interface FoundHolder extends Holder {
  readonly text: string;
  readonly isAlive: boolean;
}

async function holderOf(file: string): Promise<FoundHolder | undefined> {
  try {
    const text = await readFile(file, "utf8");
    const ageMs = Date.now() - (await stat(file)).mtimeMs;
    const holder = parseHolder(text);
    if (holder === undefined) {
      // Its writer is about to say who it is, or was killed before it could.
      if (ageMs > TOUCH_MS) await removeStale(file, text);
      else await delay(20);
      return undefined;
    }
    const isHere = holder.host === hostname();
    return { ...holder, text, isAlive: ageMs < STALE_MS && (!isHere || isProcessAlive(holder.pid)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw diskFault(error, file);
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

/** Of many that find a lock stale one moves it away; who comes late has moved another's and puts it back. */
async function removeStale(file: string, text: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
    if ((await readFile(aside, "utf8")) !== text)
      await copyFile(aside, file, constants.COPYFILE_EXCL).catch(() => undefined);
    await rm(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw diskFault(error, file);
  }
}
