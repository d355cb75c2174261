import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { diskFault } from "../archive-faults.ts";
import { LineBuffer } from "../line/line-buffer.ts";
import type { PartEntry } from "../manifest/schema-parts.ts";
import { PartWriter, type WriterOptions } from "./part-writer.ts";

/** The size of a full buffer, in bytes. */
const FULL_BYTES = 1 << 18;

/** The place of a part that a thread writes: its name is relative to the folder. */
export interface PartPlace extends WriterOptions {
  readonly folder: string;
  readonly file: string;
}

/** A part that begins with its first line, so that no file exists if there are no lines. */
export class LazyPart {
  /** The lines that the next `flush` writes, and their number. */
  readonly lines: LineBuffer;
  lineCount = 0;
  readonly #place: PartPlace;
  #writer: PartWriter | undefined;

  constructor(place: PartPlace, bufferBytes?: number) {
    this.#place = place;
    this.lines = new LineBuffer(bufferBytes);
  }

  /** True if `lines` should be written now. */
  get isFull(): boolean {
    return this.lines.at >= FULL_BYTES;
  }

  /** Writes `lines`, and empties the buffer. */
  async flush(): Promise<void> {
    if (this.lineCount > 0) await this.write(this.lines.written(), this.lineCount);
    this.lines.clear();
    this.lineCount = 0;
  }

  async write(bytes: Buffer, lineCount: number): Promise<void> {
    if (this.#writer === undefined) {
      const { folder, file, ...options } = this.#place;
      const path = join(folder, file);
      if (options.isOwn !== true)
        await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
          throw diskFault(error, path);
        });
      this.#writer = await PartWriter.openWith(path, options);
    }
    await this.#writer.write(bytes, lineCount);
  }

  /** Writes what is left and seals the part. Returns undefined if no line came. */
  async seal(): Promise<PartEntry | undefined> {
    await this.flush();
    if (this.#writer === undefined) return undefined;
    return { file: this.#place.file, ...(await this.#writer.seal()) };
  }

  async abandon(): Promise<void> {
    await this.#writer?.abandon();
  }
}
