import { randomUUID } from "node:crypto";
import { open, readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { archiveFault, diskFault, missingAs, systemCode } from "../archive-faults.ts";
import { readFileSync } from "node:fs";

/**
 * The interval at which a holder touches its lock, and the silence after which a holder on another host
 * counts as dead.
 */
const TOUCH_MS = 2_000;
const STALE_MS = 30_000;

const POLL_MS = 20;

const holderSchema = z.object({
  host: z.string(),
  pid: z.number(),
  /** Tells the process from a later one with the same number. */
  startedAt: z.string().optional(),
  owner: z.string().optional(),
});

type Holder = Readonly<z.infer<typeof holderSchema>>;

/**
 * Keeps two runs from writing into one folder, by a file that names its holder. On the same host a holder
 * lives as long as its process, even if that was stopped for an hour. On another host it lives as long as it
 * touches its file.
 */
export class FolderLock {
  readonly #file: string;
  readonly #text: string;
  readonly #touching: NodeJS.Timeout;
  #isLost = false;

  private constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    this.#touching = setInterval(() => void this.#touch(), TOUCH_MS);
    this.#touching.unref();
  }

  /** @throws {FirebreakError} `folder-locked` if another run holds it, or `disk-failed`. */
  static async take(file: string): Promise<FolderLock> {
    const { pid } = process;
    const own: Holder = { host: hostname(), pid, startedAt: processStart(pid), owner: randomUUID() };
    const text = JSON.stringify(own);
    for (;;) {
      if (await createWith(file, text)) {
        // The guard is left from a takeover that was cut off. A takeover under way will find this lock held.
        await rm(guardOf(file), { force: true });
        return new FolderLock(file, text);
      }
      const found = await readLock(file);
      switch (found?.state) {
        case "held":
          throw archiveFault("folder-locked", { file, host: found.host, pid: found.pid });
        case "stale":
          await removeStale(file, found);
          break;
        case "begun":
        case undefined:
          await delay(POLL_MS);
      }
    }
  }

  /**
   * @throws {FirebreakError} `folder-lock-lost`: another run took it over, and this one may write nothing
   * more.
   */
  assertHeld(): void {
    if (this.#isLost) throw archiveFault("folder-lock-lost", { file: this.#file });
  }

  async release(): Promise<void> {
    clearInterval(this.#touching);
    if (await this.#isOwn()) await rm(this.#file, { force: true });
  }

  async #touch(): Promise<void> {
    if (!(await this.#isOwn())) {
      this.#isLost = true;
      return;
    }
    const now = new Date();
    // If the disk is full or gone, the work itself will report it.
    await utimes(this.#file, now, now).catch(() => undefined);
  }

  /** A file that cannot be read counts as our own. */
  async #isOwn(): Promise<boolean> {
    return readFile(this.#file, "utf8").then(
      (text) => text === this.#text,
      (error: NodeJS.ErrnoException) => error.code !== "ENOENT",
    );
  }
}

/** Creates the file without hard links, which memory sticks do not have. */
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
    if (systemCode(error) === "EEXIST") return false;
    throw diskFault(error, file);
  }
}

interface FoundLock extends Holder {
  /** `begun`: its writer is about to write who it is. */
  readonly state: "held" | "stale" | "begun";
  readonly text: string;
  readonly mtimeMs: number;
}

async function readLock(file: string): Promise<FoundLock | undefined> {
  const mtimeMs = await touchedAt(file);
  if (mtimeMs === undefined) return undefined;
  const text = await readFile(file, "utf8").catch(() => "");
  const ageMs = Date.now() - mtimeMs;
  const holder = parseHolder(text);
  if (holder === undefined) {
    const state = ageMs > TOUCH_MS ? "stale" : "begun";
    return { host: "", pid: 0, startedAt: undefined, owner: "", state, text, mtimeMs };
  }
  const state = (await isHeld(file, holder, mtimeMs)) ? "held" : "stale";
  return { ...holder, state, text, mtimeMs };
}

async function isHeld(file: string, holder: Holder, mtimeMs: number): Promise<boolean> {
  const isRecent = Date.now() - mtimeMs < STALE_MS;
  if (holder.host === hostname()) {
    if (!isProcessAlive(holder.pid)) return false;
    const startedAt = processStart(holder.pid);
    return startedAt === undefined || holder.startedAt === undefined
      ? isRecent
      : startedAt === holder.startedAt;
  }
  if (isRecent) return true;
  // Clocks of two hosts differ, so only a touch during this wait proves that the holder lives.
  await delay(2 * TOUCH_MS);
  return (await touchedAt(file)) !== mtimeMs;
}

async function touchedAt(file: string): Promise<number | undefined> {
  return stat(file).then(({ mtimeMs }) => mtimeMs, missingAs(file, undefined));
}

function parseHolder(text: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Removes a stale lock if it is unchanged. A guard file lets one run at a time look and remove. Otherwise, of
 * many runs that find the lock stale at once, one could remove the new lock of another.
 */
async function removeStale(file: string, stale: FoundLock): Promise<void> {
  const guard = guardOf(file);
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
    const text = await readFile(file, "utf8").catch(() => undefined);
    const isSame = text === stale.text && (await touchedAt(file)) === stale.mtimeMs;
    if (isSame) await rm(file, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

function guardOf(file: string): string {
  return `${file}.takeover`;
}

/**
 * Returns true if a process of this host is still at work. A killed process that nobody has reaped (in a
 * container without an init) still answers to signals. If there is a `/proc`, its state there says that it is
 * a zombie (proc(5), "stat").
 */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) === "EPERM";
  }
  const state = statOf(pid)?.[0];
  return state !== "Z" && state !== "X";
}

/**
 * Returns the start of a process, which tells it from a later one with the same number. Undefined if there is
 * no `/proc`.
 */
export function processStart(pid: number): string | undefined {
  const ticks = statOf(pid)?.[19];
  if (ticks === undefined) return undefined;
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()} ${ticks}`;
  } catch {
    return undefined;
  }
}

/** Returns the fields behind the process's name, which is in parentheses and may contain anything. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
