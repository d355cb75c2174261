import { createHash } from "node:crypto";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { diskFault, syncFolder, writeDurably } from "@firebreak/archive";
import { END_BYTES, memberHead, paddingBytes } from "./tar-member.ts";

/** The end of the name of the file with a volume's checksum. */
export const CHECKSUM_ENDING = ".sha256";

/**
 * Writes one volume: a tar file that exists whole or not at all.
 *
 * Bytes go to `FILE.partial`. Sealing syncs it, writes `FILE.sha256` and renames it to `FILE` last, so
 * whoever finds `FILE` may trust it and finds its checksum.
 *
 * @throws {FirebreakError} `disk-full` or `disk-failed`, from any of its methods.
 */
export class VolumeWriter {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash("sha256");
  #memberBytes = 0;

  private constructor(file: string, handle: FileHandle) {
    this.#file = file;
    this.#handle = handle;
  }

  static async open(file: string): Promise<VolumeWriter> {
    try {
      return new VolumeWriter(file, await open(`${file}.partial`, "w"));
    } catch (error) {
      throw diskFault(error, file);
    }
  }

  /** Begins a member. The caller must then `write` all its content before it begins the next. */
  async begin(name: string, bytes: number): Promise<void> {
    await this.#pad();
    this.#memberBytes = bytes;
    await this.write(memberHead(name, bytes));
  }

  async write(bytes: Buffer): Promise<void> {
    this.#hash.update(bytes);
    try {
      // A write may take only some of its bytes, for example on a nearly full disk.
      for (let from = 0; from < bytes.length;) from += (await this.#handle.write(bytes, from)).bytesWritten;
    } catch (error) {
      throw diskFault(error, this.#file);
    }
  }

  async seal(): Promise<void> {
    await this.#pad();
    await this.write(Buffer.alloc(END_BYTES));
    try {
      await this.#handle.sync();
      await this.#handle.close();
      await writeDurably(
        `${this.#file}${CHECKSUM_ENDING}`,
        `${this.#hash.digest("hex")}  ${basename(this.#file)}\n`,
      );
      await rename(`${this.#file}.partial`, this.#file);
      await syncFolder(dirname(this.#file));
    } catch (error) {
      throw diskFault(error, this.#file);
    }
  }

  /** Gives up the volume and removes its file. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(`${this.#file}.partial`, { force: true });
  }

  /** Fills the last block of the previous member. */
  async #pad(): Promise<void> {
    const bytes = paddingBytes(this.#memberBytes);
    this.#memberBytes = 0;
    if (bytes > 0) await this.write(Buffer.alloc(bytes));
  }
}
