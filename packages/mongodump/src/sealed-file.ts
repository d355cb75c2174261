import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { diskFault, syncFolder } from "@firebreak/archive";

/**
 * A file that gets its name when it is whole, not earlier, even if the power fails.
 *
 * Until then it has a short name: names in a dump may be as long as the file system allows, with no room for
 * an ending.
 *
 * @throws {FirebreakError} `disk-full` or `disk-failed`, from any of its methods.
 */
export class SealedFile {
  readonly #folder: string;
  readonly #file: string;
  readonly #partial: string;
  readonly #handle: FileHandle;

  private constructor(folder: string, file: string, partial: string, handle: FileHandle) {
    this.#folder = folder;
    this.#file = file;
    this.#partial = partial;
    this.#handle = handle;
  }

  /** @param shortName a name that no other file of the folder has. */
  static async open(folder: string, name: string, shortName: string): Promise<SealedFile> {
    const file = join(folder, name);
    const partial = join(folder, `${shortName}.partial`);
    try {
      return new SealedFile(folder, file, partial, await open(partial, "wx"));
    } catch (error) {
      throw diskFault(error, file);
    }
  }

  async write(content: string | Uint8Array): Promise<void> {
    await this.#handle.writeFile(content).catch((error: unknown) => {
      throw diskFault(error, this.#file);
    });
  }

  async seal(): Promise<void> {
    try {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(this.#partial, this.#file);
      await syncFolder(this.#folder);
    } catch (error) {
      throw diskFault(error, this.#file);
    }
  }

  /** Gives up the file and removes it. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#partial, { force: true });
  }
}
