import { createHash } from "node:crypto";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { constants, createZstdCompress, type ZstdCompress } from "node:zlib";
import { archiveFault, diskFault } from "../archive-faults.ts";
import type { FirebreakError } from "../errors.ts";
import { syncFolder } from "../files/durable-file.ts";
import { killPoint } from "../kill-point.ts";
import { encrypted } from "../protection/age-file.ts";

/** The size of all input writes, because the compressor's output depends on their sizes (Node 24). */
const BLOCK_BYTES = 512 * 1024;

/** The most blocks that the compressor holds and has not taken yet. This bounds a writer's memory. */
const MAX_WAITING = 2;

/** The bytes that the compressor gives at once. */
const OUTPUT_BYTES = 256 * 1024;

/** The facts of a sealed part; sizes in bytes, hashes in lower-case hex. */
export interface SealedPart {
  readonly bytes: number;
  readonly sha256: string;
  readonly plainBytes: number;
  readonly plainSha256: string;
  readonly lineCount: number;
}

/** The name of a part of CSV, in clear or encrypted. */
const CSV_FILE = /\.csv\.zst(?:\.age)?$/;

/**
 * Writes one part: a zstd file that exists whole or not at all. Its lines are counted twice, by the caller
 * and by their ends.
 *
 * Bytes go to `FILE.partial`. Sealing syncs that file, renames it to `FILE` and syncs the folder, so whoever
 * finds `FILE` may trust it, even after a power cut. A writer that is dropped or closed before sealing leaves
 * no `FILE`.
 *
 * @throws {FirebreakError} `disk-full` or `disk-failed`, from any of its methods.
 */
export class PartWriter {
  plainBytes = 0;
  #lineCount = 0;
  readonly #lineEnds: LineEnds;
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #zstd: ZstdCompress;
  readonly #plainHash = createHash("sha256");
  readonly #spareBlocks: Buffer[] = [];
  readonly #written: Promise<{ bytes: number; sha256: string }>;
  #block: Buffer = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  #filled = 0;
  #waiting = 0;
  #wake: (() => void) | undefined;
  #failure: unknown;

  private constructor(file: string, handle: FileHandle, recipients: readonly string[]) {
    this.#file = file;
    this.#lineEnds = new LineEnds(CSV_FILE.test(file));
    this.#handle = handle;
    this.#zstd = createZstdCompress({
      chunkSize: OUTPUT_BYTES,
      params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
    });
    this.#written = this.#drain(recipients);
    this.#written.catch((error: unknown) => {
      this.#failure = error;
      this.#wake?.();
    });
  }

  /** @param recipients age recipients of the part; none for a part in clear. */
  static async open(file: string, recipients: readonly string[] = []): Promise<PartWriter> {
    try {
      return new PartWriter(file, await open(`${file}.partial`, "w"), recipients);
    } catch (error) {
      throw diskFault(error, file);
    }
  }

  /**
   * Appends bytes (copied: the caller may reuse them). Resolves when there is room for more.
   *
   * @param lineCount the number of lines that end in them.
   * @throws {FirebreakError} `part-miscounted` if another number of lines ends in them.
   */
  async write(bytes: Uint8Array, lineCount: number): Promise<void> {
    const ends = this.#lineEnds.take(bytes, lineCount);
    if (ends !== lineCount) throw this.#miscounted(lineCount, ends);
    this.#lineCount += lineCount;
    this.plainBytes += bytes.length;
    for (let from = 0; from < bytes.length;) {
      const count = Math.min(BLOCK_BYTES - this.#filled, bytes.length - from);
      this.#block.set(bytes.subarray(from, from + count), this.#filled);
      this.#filled += count;
      from += count;
      if (this.#filled === BLOCK_BYTES) await this.#flush();
    }
  }

  /**
   * Makes the part durable under its own name.
   *
   * @throws {FirebreakError} `part-miscounted` if it ends in the middle of a line.
   */
  async seal(): Promise<SealedPart> {
    if (this.#lineEnds.isLineBegun) throw this.#miscounted(1, 0);
    await this.#flush();
    this.#zstd.end();
    try {
      const { bytes, sha256 } = await this.#written;
      await this.#handle.sync();
      await this.#handle.close();
      await rename(`${this.#file}.partial`, this.#file);
      await syncFolder(dirname(this.#file));
      killPoint("part-sealed");
      return {
        bytes,
        sha256,
        plainBytes: this.plainBytes,
        plainSha256: this.#plainHash.digest("hex"),
        lineCount: this.#lineCount,
      };
    } catch (error) {
      throw diskFault(error, this.#file);
    }
  }

  /** Gives up the part and removes its file. */
  async abandon(): Promise<void> {
    this.#zstd.destroy();
    await this.#written.catch(() => undefined);
    await this.#handle.close().catch(() => undefined);
    await rm(`${this.#file}.partial`, { force: true });
  }

  #miscounted(expected: number, found: number): FirebreakError {
    return archiveFault("part-miscounted", {
      file: this.#file,
      line: this.#lineCount + Math.min(expected, found) + 1,
      expected,
      found,
    });
  }

  async #flush(): Promise<void> {
    if (this.#failure !== undefined) throw diskFault(this.#failure, this.#file);
    if (this.#filled === 0) return;
    const block = this.#block;
    const bytes = block.subarray(0, this.#filled);
    this.#plainHash.update(bytes);
    this.#waiting++;
    this.#zstd.write(bytes, () => {
      this.#waiting--;
      this.#spareBlocks.push(block);
      this.#wake?.();
    });
    this.#filled = 0;
    while (this.#waiting >= MAX_WAITING && this.#failure === undefined)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#block = this.#spareBlocks.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
  }

  async #drain(recipients: readonly string[]): Promise<{ bytes: number; sha256: string }> {
    const hash = createHash("sha256");
    let bytes = 0;
    const compressed: AsyncIterable<Uint8Array> = this.#zstd;
    for await (const block of recipients.length === 0 ? compressed : encrypted(compressed, recipients)) {
      hash.update(block);
      bytes += block.length;
      await writeAll(this.#handle, block);
    }
    return { bytes, sha256: hash.digest("hex") };
  }
}

/** Writes all bytes. A single write may take only some of them, for example on a nearly full disk. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length;) from += (await handle.write(bytes, from)).bytesWritten;
}

const QUOTE = 0x22;
const NEWLINE = 0x0a;

/**
 * Checks that the bytes of a part have as many line ends as its writer says. In NDJSON every newline ends a
 * line; in CSV those inside quotes do not.
 */
export class LineEnds {
  readonly #isCsv: boolean;
  #isQuoted = false;
  #isLineBegun = false;

  constructor(isCsv: boolean) {
    this.#isCsv = isCsv;
  }

  /** True if the bytes taken so far end in the middle of a line. */
  get isLineBegun(): boolean {
    return this.#isLineBegun;
  }

  /** Takes the next bytes; returns the number of lines that end in them, at most `most + 1`. */
  take(bytes: Uint8Array, most: number): number {
    const isCsv = this.#isCsv;
    const wasBegun = this.#isLineBegun;
    if (bytes.length > 0) this.#isLineBegun = bytes.at(-1) !== NEWLINE;
    const newlines = countNewlines(bytes, isCsv ? Number.POSITIVE_INFINITY : most + 1);
    // These are whole rows without newlines in their values. A look at the quotes would take twenty times as
    // long.
    if (!isCsv || (newlines === most && !wasBegun && !this.#isLineBegun)) return newlines;
    return this.#countRows(bytes);
  }

  #countRows(bytes: Uint8Array): number {
    let rows = 0;
    let isQuoted = this.#isQuoted;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte === QUOTE) isQuoted = !isQuoted;
      else if (byte === NEWLINE && !isQuoted) rows++;
    }
    this.#isQuoted = isQuoted;
    this.#isLineBegun ||= isQuoted;
    return rows;
  }
}

function countNewlines(bytes: Uint8Array, most: number): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0 && count < most; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}
