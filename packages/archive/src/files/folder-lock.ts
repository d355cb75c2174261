import { open, readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { archiveFault, diskFault } from "../archive-faults.ts";
import { isProcessAlive } from "./process-alive.ts";

/** A holder touches its lock this often, and is taken for dead after missing it for so long. */
const TOUCH_MS = 5_000;
const STALE_MS = 30_000;

const POLL_MS = 20;

interface Holder {
  readonly host: string;
  readonly pid: number;
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
    const own: Holder = { host: hostname(), pid: process.pid };
    for (;;) {
      if (await createWith(file, JSON.stringify(own))) return new FolderLock(file);
      const found = await readLock(file);
      switch (found?.state) {
        case "held":
          throw archiveFault("folder-locked", { file, host: found.host, pid: found.pid });
        case "stale":
          await removeStale(file);
          break;
        case "begun":
        case undefined:
          await delay(POLL_MS);
      }
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

interface FoundLock extends Holder {
  /** `begun`: its writer is about to say who it is. */
  readonly state: "held" | "stale" | "begun";
}

async function readLock(file: string): Promise<FoundLock | undefined> {
  try {
    const text = await readFile(file, "utf8");
    const ageMs = Date.now() - (await stat(file)).mtimeMs;
    const holder = parseHolder(text);
    if (holder === undefined) return { host: "", pid: 0, state: ageMs > TOUCH_MS ? "stale" : "begun" };
    const isAlive = holder.host !== hostname() || isProcessAlive(holder.pid);
    return { ...holder, state: ageMs < STALE_MS && isAlive ? "held" : "stale" };
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

/**
 * Removes a lock that is still stale when it is looked at alone: of many that find
 * it stale at once, one could otherwise remove what another has just put there.
 */
async function removeStale(file: string): Promise<void> {
  const guard = `${file}.takeover`;
  if (!(await createWith(guard, "{}"))) {
    const ageMs = await stat(guard).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (ageMs > STALE_MS) await rm(guard, { force: true });
    else await delay(POLL_MS);
    return;
  }
  try {
    if ((await readLock(file))?.state === "stale") await rm(file, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}
