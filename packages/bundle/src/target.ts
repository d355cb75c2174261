import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { archiveFault, diskFault, exists, ProgressLog, syncFolder } from "@firebreak/archive";
import type { LabelHead } from "./label.ts";
import { MANIFESTS, manifestsOf } from "./bundle-plan.ts";
import { doneIn, fileSha256, headOf, PROGRESS_FILE, type UnpackProgress } from "./target-state.ts";

/** The suffix of a manifest until all its files are in place. */
const WAITING = ".unpacked";

/** The suffix of a file in pieces until all of them are there. */
const IN_PIECES = ".pieces";

/** A folder that a bundle is being unpacked to. It has no manifest before everything else is in place. */
export class Target {
  readonly folder: string;
  readonly #log: ProgressLog<UnpackProgress>;
  readonly #head: LabelHead;
  readonly #filesInPieces: Set<string>;
  readonly done: Set<number>;

  private constructor(
    folder: string,
    log: ProgressLog<UnpackProgress>,
    head: LabelHead,
    entries: readonly UnpackProgress[],
  ) {
    this.folder = folder;
    this.#log = log;
    this.#head = head;
    this.done = doneIn(entries);
    this.#filesInPieces = new Set(entries.flatMap((e) => (e.kind === "volume" ? e.filesInPieces : [])));
  }

  /**
   * Begins a folder or continues it.
   *
   * @param head of the bundle, for a folder not begun yet.
   */
  static async open(folder: string, head: LabelHead): Promise<Target> {
    await makeFolder(folder);
    const { log, entries } = await ProgressLog.open<UnpackProgress>(join(folder, PROGRESS_FILE));
    const known = headOf(entries);
    if (known === undefined) await log.append({ kind: "bundle", head });
    return new Target(folder, log, known ?? head, entries);
  }

  /** Returns the path of a whole file. */
  wholePath(file: string): string {
    return join(this.folder, ...file.split("/")) + (MANIFESTS.includes(file) ? WAITING : "");
  }

  /** Returns the path of the file that gathers pieces. */
  piecesPath(file: string): string {
    return `${this.wholePath(file)}${IN_PIECES}`;
  }

  /** Notes that all members of a volume are durable. */
  async finishVolume(volume: number, filesInPieces: readonly string[]): Promise<void> {
    await this.#log.append({ kind: "volume", volume, filesInPieces });
    this.done.add(volume);
    for (const file of filesInPieces) this.#filesInPieces.add(file);
  }

  /**
   * Completes the folder after the last volume: gives joined files their names, then the manifests theirs.
   *
   * @throws {FirebreakError} `file-missing`, or `file-hash` if the manifest is not the one that the labels
   * name.
   */
  async complete(): Promise<void> {
    for (const file of this.#filesInPieces) await moveOnce(this.piecesPath(file), this.wholePath(file));
    for (const [file, expected] of manifestsOf(this.#head)) {
      const path = join(this.folder, ...file.split("/"));
      const waiting = this.wholePath(file);
      const found = await fileSha256((await exists(waiting)) ? waiting : path);
      if (found !== expected) throw archiveFault("file-hash", { file: path, expected, found });
      await moveOnce(waiting, path);
    }
    await this.close();
    try {
      await rm(join(this.folder, PROGRESS_FILE));
      await syncFolder(this.folder);
    } catch (error) {
      throw diskFault(error, this.folder);
    }
  }

  async close(): Promise<void> {
    await this.#log.close();
  }
}

/** Makes a folder and those above it so that they survive a power cut. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    const first = await mkdir(folder, { recursive: true });
    if (first === undefined) return;
    for (let made = folder; made.length >= first.length; made = dirname(made))
      await syncFolder(dirname(made));
  } catch (error) {
    throw diskFault(error, folder);
  }
}

/**
 * Renames a file durably, unless an earlier run has done so. If the file is missing, verify will report it.
 */
async function moveOnce(from: string, to: string): Promise<void> {
  try {
    if (!(await exists(from))) return;
    await rename(from, to);
    await syncFolder(dirname(to));
  } catch (error) {
    throw diskFault(error, to);
  }
}
