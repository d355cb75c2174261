import { createHash } from "node:crypto";
import { mkdir, open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { constants, createZstdCompress, zstdCompressSync, type ZstdCompress } from "node:zlib";
import { archiveFault, diskFault } from "../archive-faults.ts";
import type { FirebreakError } from "../errors.ts";
import { syncFolder } from "../files/durable-file.ts";
import { killPoint } from "../kill-point.ts";
import { encrypted } from "../protection/age-file.ts";
import { partEnds } from "./part-ends.ts";
import { holdScratch } from "./scratch-parts.ts";

/** The size of all input writes, because the compressor's output depends on their sizes (Node 24). */
const BLOCK_BYTES = 512 * 1024;

/** The size with which a block begins: most parts of a delta are small, and large buffers are costly. */
const FIRST_BYTES = 16 * 1024;

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

const PARAMS = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 };

/** The facts of a part that stays in memory. */
const NOT_WRITTEN = { bytes: 0, sha256: "", plainSha256: "" } as const;

/** The file as it was written. */
type WrittenBytes = Pick<SealedPart, "bytes" | "sha256">;

export interface WriterOptions {
  /** age recipients of the part; none for a part in clear. */
  readonly recipients: readonly string[];
  /** True for a part that nobody needs after a crash. It is then not synced. */
  readonly isScratch?: boolean | undefined;
  /** True for a scratch part that only this thread reads. If it is small, it stays in memory. */
  readonly isOwn?: boolean | undefined;
  /** The size of a record of a binary part, whose records count as its lines. Missing for a part of text. */
  readonly recordBytes?: number | undefined;
}

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
  readonly #lineEnds: ReturnType<typeof partEnds>;
  readonly #file: string;
  readonly #options: WriterOptions;
  /** Undefined until it is needed. */
  #handle: FileHandle | undefined;
  readonly #plainHash = createHash("sha256");
  readonly #spareBlocks: Buffer[] = [];
  /** The compressor and what comes of it, once the first block is full. */
  #zstd: ZstdCompress | undefined;
  #written: Promise<WrittenBytes> | undefined;
  #block: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #filled = 0;
  #waiting = 0;
  #wake: (() => void) | undefined;
  #failure: unknown;

  private constructor(file: string, options: WriterOptions) {
    this.#file = file;
    this.#lineEnds = partEnds(file, options.recordBytes);
    this.#options = options;
  }

  /** @param recipients age recipients of the part; none for a part in clear. */
  static open(file: string, recipients: readonly string[] = []): Promise<PartWriter> {
    return PartWriter.openWith(file, { recipients });
  }

  static async openWith(file: string, options: WriterOptions): Promise<PartWriter> {
    const writer = new PartWriter(file, options);
    // A folder that cannot be written should be known before any work is done.
    if (options.isOwn !== true) await writer.#opened();
    return writer;
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
      if (this.#filled === this.#block.length) this.#grow(bytes.length - from);
      const count = Math.min(this.#block.length - this.#filled, bytes.length - from);
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
    const { isOwn, isScratch } = this.#options;
    if (isOwn === true && this.#zstd === undefined) {
      const plain = this.#block.subarray(0, this.#filled);
      if (holdScratch(this.#file, plain)) return this.#sealed(NOT_WRITTEN);
    }
    try {
      const { bytes, sha256 } = await this.#end();
      const handle = await this.#opened();
      if (isScratch !== true) await handle.sync();
      await handle.close();
      await rename(`${this.#file}.partial`, this.#file);
      if (isScratch !== true) await syncFolder(dirname(this.#file));
      killPoint("part-sealed");
      return this.#sealed({ bytes, sha256, plainSha256: this.#plainHash.digest("hex") });
    } catch (error) {
      throw diskFault(error, this.#file);
    }
  }

  /** Gives up the part and removes its file. */
  async abandon(): Promise<void> {
    this.#zstd?.destroy();
    await this.#written?.catch(() => undefined);
    await this.#handle?.close().catch(() => undefined);
    await rm(`${this.#file}.partial`, { force: true });
  }

  /** Names the facts in the order in which ledgers have them as text. */
  #sealed({ bytes, sha256, plainSha256 }: Omit<SealedPart, "plainBytes" | "lineCount">): SealedPart {
    return { bytes, sha256, plainBytes: this.plainBytes, plainSha256, lineCount: this.#lineCount };
  }

  async #opened(): Promise<FileHandle> {
    try {
      if (this.#options.isOwn === true) await mkdir(dirname(this.#file), { recursive: true });
      return (this.#handle ??= await open(`${this.#file}.partial`, "w"));
    } catch (error) {
      throw diskFault(error, this.#file);
    }
  }

  #miscounted(expected: number, found: number): FirebreakError {
    return archiveFault("part-miscounted", {
      file: this.#file,
      line: this.#lineCount + Math.min(expected, found) + 1,
      expected,
      found,
    });
  }

  /**
   * Ends the compressed bytes. The stream of a small part has small buffers. Its output is that of any stream,
   * which a single call's is not (Node 24): it would have the size in its header, and other parts than the
   * versions before. Nobody compares a scratch part.
   */
  async #end(): Promise<WrittenBytes> {
    if (this.#zstd === undefined && this.#options.isScratch === true) {
      const plain = this.#block.subarray(0, this.#filled);
      this.#plainHash.update(plain);
      return this.#drain([zstdCompressSync(plain, { chunkSize: FIRST_BYTES, params: PARAMS })]);
    }
    const zstd = (this.#zstd ??= this.#begin(FIRST_BYTES));
    await this.#flush();
    zstd.end();
    return this.#written!;
  }

  #grow(wanted: number): void {
    const length = Math.min(BLOCK_BYTES, Math.max(this.#block.length * 2, this.#filled + wanted));
    const grown = Buffer.allocUnsafeSlow(length);
    this.#block.copy(grown, 0, 0, this.#filled);
    this.#block = grown;
  }

  async #flush(): Promise<void> {
    if (this.#failure !== undefined) throw diskFault(this.#failure, this.#file);
    if (this.#filled === 0) return;
    const zstd = (this.#zstd ??= this.#begin(OUTPUT_BYTES));
    const block = this.#block;
    const bytes = block.subarray(0, this.#filled);
    this.#plainHash.update(bytes);
    this.#waiting++;
    zstd.write(bytes, () => {
      this.#waiting--;
      this.#spareBlocks.push(block);
      this.#wake?.();
    });
    this.#filled = 0;
    while (this.#waiting >= MAX_WAITING && this.#failure === undefined)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#block = this.#spareBlocks.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
  }

  #begin(chunkSize: number): ZstdCompress {
    const zstd = createZstdCompress({ chunkSize, params: PARAMS });
    this.#written = this.#drain(zstd);
    this.#written.catch((error: unknown) => {
      this.#failure = error;
      this.#wake?.();
    });
    return zstd;
  }

  async #drain(compressed: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<WrittenBytes> {
    const hash = createHash("sha256");
    let bytes = 0;
    const { recipients } = this.#options;
    const blocks = recipients.length === 0 ? compressed : encrypted(compressed, recipients);
    const handle = await this.#opened();
    for await (const block of blocks) {
      hash.update(block);
      bytes += block.length;
      await writeAll(handle, block);
    }
    return { bytes, sha256: hash.digest("hex") };
  }
}

/** Writes all bytes. A single write may take only some of them, for example on a nearly full disk. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length;) from += (await handle.write(bytes, from)).bytesWritten;
}
