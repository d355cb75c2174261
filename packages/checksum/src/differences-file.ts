import { mkdir, open, rename, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { diskFault, syncFolder, type Note } from "@firebreak/archive";
import type { ReportedDifference } from "@firebreak/target";

const NAME = "differences.ndjson";
const BLOCK_CHARACTERS = 256 * 1024;

/** The note of a sealed file. */
export interface FileNotes {
  "differences-written": { file: string; lines: number };
}

/**
 * All differences of one run, one JSON object a line: `FOLDER/differences.ndjson`. The file exists whole or
 * not at all. It holds values of rows in clear, so only its owner may read it.
 */
export class DifferencesFile {
  readonly path: string;
  readonly #folder: string;
  #handle: FileHandle | undefined;
  #waiting = "";
  #lineCount = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, NAME);
  }

  /** @throws {FirebreakError} `disk-full` or `disk-failed`. */
  async write(difference: ReportedDifference): Promise<void> {
    this.#lineCount++;
    this.#waiting += `${JSON.stringify(difference)}\n`;
    if (this.#waiting.length >= BLOCK_CHARACTERS) await this.#flush();
  }

  /**
   * Gives the file its final name and reports it. If nothing was written, removes the file of an earlier run.
   */
  async *seal(): AsyncGenerator<Note<FileNotes>> {
    if (this.#lineCount === 0) {
      await rm(this.path, { force: true }).catch((error: unknown) => {
        throw diskFault(error, this.path);
      });
      return;
    }
    await this.#flush();
    await this.#tried(async () => {
      await this.#handle!.sync();
      await this.#handle!.close();
      this.#handle = undefined;
      await rename(this.#partial, this.path);
      await syncFolder(this.#folder);
    });
    yield { kind: "note", code: "differences-written", fields: { file: this.path, lines: this.#lineCount } };
  }

  /** Removes the unsealed file. */
  async abandon(): Promise<void> {
    if (this.#handle === undefined) return;
    await this.#handle.close().catch(() => undefined);
    this.#handle = undefined;
    await rm(this.#partial, { force: true }).catch(() => undefined);
  }

  get #partial(): string {
    return `${this.path}.${process.pid}.partial`;
  }

  async #flush(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = "";
    await this.#tried(async () => {
      if (this.#handle === undefined) {
        await mkdir(this.#folder, { recursive: true });
        this.#handle = await open(this.#partial, "w", 0o600);
      }
      await this.#handle.writeFile(text);
    });
  }

  async #tried(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => {
      throw diskFault(error, this.path);
    });
  }
}
