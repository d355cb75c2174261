import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { diskFault, FolderLock, killPoint, type Note } from "@firebreak/archive";
import { mysqlTarget, type Application } from "@firebreak/mysql";
import { planFault } from "../plan-faults.ts";
import type { PlanNotes } from "../plan-notes.ts";
import { readJournal, removeJournal, writeJournal, type Journal } from "./journal.ts";
import { ScratchDatabase } from "./scratch-database.ts";

/** The lock file in the work folder: one probe or rehearsal at a time. */
const LOCK = "scratch.lock";

/** The work folder and the target of a probe or a rehearsal. */
export interface ScratchPlace {
  readonly work: string;
  readonly mysqlUrl: string;
  /** The application whose own tables the database gets copies of. */
  readonly application: Application | undefined;
}

/** The things that a killed run left, which are gone now. */
export type Left = Pick<Journal, "database" | "folder">;

/**
 * A folder in the work folder, and perhaps a database of the target, that exist only during a probe or a rehearsal.
 * If the process is killed, the next `open` removes them.
 */
export class Scratch {
  readonly folder: string;
  readonly database: ScratchDatabase | undefined;
  /** The things that a killed run had left. Undefined if there was nothing. */
  readonly left: Left | undefined;
  readonly #place: ScratchPlace;
  readonly #lock: FolderLock;

  private constructor(
    place: ScratchPlace,
    lock: FolderLock,
    { folder, database }: Left,
    left: Left | undefined,
  ) {
    this.left = left;
    this.#place = place;
    this.#lock = lock;
    this.folder = join(place.work, folder);
    this.database =
      database === undefined ? undefined : new ScratchDatabase(place.mysqlUrl, database, markOf(folder));
  }

  /**
   * Removes what a killed run left in this work folder. Undefined if there was nothing.
   *
   * @throws {FirebreakError} `folder-locked` if a run is at work, `scratch-journal`, `scratch-elsewhere`, or of mysql.
   */
  static async clean(place: ScratchPlace): Promise<Left | undefined> {
    const lock = await lockOf(place.work);
    try {
      return await removeLeft(place);
    } finally {
      await lock.release();
    }
  }

  /**
   * Makes the folder, and the database if it is given a name. It removes what a killed run left first.
   *
   * @throws {FirebreakError} `probe-taken`, `folder-locked`, `disk-failed`, or of mysql. Nothing is left then.
   */
  static async open(place: ScratchPlace, database: string | undefined): Promise<Scratch> {
    const { work, mysqlUrl, application } = place;
    const lock = await lockOf(work);
    let left: Left | undefined;
    try {
      left = await removeLeft(place);
    } catch (error) {
      // The journal keeps the name of a database that another server has.
      await lock.release();
      throw error;
    }
    const journal: Journal = {
      server: mysqlTarget(mysqlUrl).server,
      ...(database === undefined ? {} : { database }),
      folder: `scratch-${randomBytes(4).toString("hex")}`,
    };
    const scratch = new Scratch(place, lock, journal, left);
    try {
      await writeJournal(work, journal);
      await mkdir(scratch.folder).catch((error: unknown) => {
        throw diskFault(error, scratch.folder);
      });
      await scratch.database?.create(application);
      killPoint("scratch-made");
      return scratch;
    } catch (error) {
      await scratch.close();
      throw error;
    }
  }

  /** Removes everything. */
  async close(): Promise<void> {
    try {
      await this.database?.drop();
      await rm(this.folder, { recursive: true, force: true });
      await removeJournal(this.#place.work);
    } finally {
      await this.#lock.release();
    }
  }
}

/** Returns the name of the table that marks a run's own database. */
function markOf(folder: string): string {
  return `firebreak_${folder.replace("-", "_")}`;
}

/** Returns the note of the things that a killed run left. Undefined if there was nothing. */
export function removedNote(left: Left | undefined): Note<PlanNotes> | undefined {
  if (left === undefined) return undefined;
  const { database, folder } = left;
  return { kind: "note", code: "scratch-removed", fields: { database, folder } };
}

async function lockOf(work: string): Promise<FolderLock> {
  await mkdir(work, { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, work);
  });
  return FolderLock.take(join(work, LOCK));
}

async function removeLeft({ work, mysqlUrl }: ScratchPlace): Promise<Left | undefined> {
  const left = await readJournal(work);
  if (left === undefined) return undefined;
  const { server } = mysqlTarget(mysqlUrl);
  if (left.database !== undefined && left.server !== server)
    throw planFault("scratch-elsewhere", { database: left.database, server: left.server, given: server });
  if (left.database !== undefined)
    await new ScratchDatabase(mysqlUrl, left.database, markOf(left.folder)).drop();
  await rm(join(work, left.folder), { recursive: true, force: true });
  await removeJournal(work);
  return left;
}
