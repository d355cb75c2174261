import { randomUUID } from "node:crypto";
import { mkdir, open, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { archiveFault, diskFault, type TablePart } from "@firebreak/archive";
import { csvRows } from "@firebreak/mysql-format";
import { bytesOf, type LoadWork } from "./part-work.ts";

const BLOCK_BYTES = 256 * 1024;

type PartFolders = Pick<LoadWork, "folder" | "work" | "identities">;

/**
 * The rows of a part in plain text, to be sent again in ever smaller pieces. The file has no name, so nothing
 * of it remains, however the process ends. The caller disposes of it.
 */
export class RowFile {
  readonly #folder: string;
  readonly #handle: FileHandle;
  /** The offset at which each row ends. */
  readonly #ends: number[] = [];

  private constructor(folder: string, handle: FileHandle) {
    this.#folder = folder;
    this.#handle = handle;
  }

  /** @throws {FirebreakError} `disk-full`, `disk-failed`, or whatever `rows` throws. */
  static async fill(folder: string, rows: AsyncIterable<Buffer>): Promise<RowFile> {
    const path = join(folder, `rows-${randomUUID()}`);
    const handle = await mkdir(folder, { recursive: true })
      .then(() => open(path, "wx+"))
      .catch((error: unknown) => {
        throw diskFault(error, path);
      });
    const file = new RowFile(folder, handle);
    try {
      await rm(path);
      await file.#fill(rows);
      return file;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * Reads the rows of a part.
   *
   * @throws {FirebreakError} `part-content` if it does not have as many rows as its manifest says.
   */
  static async of(work: PartFolders, part: TablePart): Promise<RowFile> {
    const { file, lineCount: expected } = part;
    const rows = await RowFile.fill(work.work, csvRows(bytesOf(work, part)));
    const found = rows.rowCount;
    if (found === expected) return rows;
    await rows[Symbol.asyncDispose]();
    const counts = { expected: String(expected), found: String(found) };
    throw archiveFault("part-content", { file, what: "lines", ...counts });
  }

  get rowCount(): number {
    return this.#ends.length;
  }

  /** Yields the bytes of the rows from `from` up to, not including, `to`; counted from 0. */
  async *rows(from: number, to: number): AsyncGenerator<Buffer> {
    const end = this.#startOf(to);
    for (let at = this.#startOf(from); at < end;) {
      const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, end - at));
      const { bytesRead } = await this.#handle.read(block, 0, block.length, at);
      if (bytesRead === 0) throw diskFault(new Error("a file became shorter"), this.#folder);
      at += bytesRead;
      yield block.subarray(0, bytesRead);
    }
  }

  async row(index: number): Promise<Buffer> {
    const blocks: Buffer[] = [];
    for await (const block of this.rows(index, index + 1)) blocks.push(block);
    return Buffer.concat(blocks);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }

  async #fill(rows: AsyncIterable<Buffer>): Promise<void> {
    let waiting: Buffer[] = [];
    let waitingBytes = 0;
    let bytes = 0;
    const write = async (): Promise<void> => {
      const block = Buffer.concat(waiting);
      for (let from = 0; from < block.length;)
        from += await this.#handle.write(block, from).then(
          ({ bytesWritten }) => bytesWritten,
          (error: unknown) => {
            throw diskFault(error, this.#folder);
          },
        );
      waiting = [];
      waitingBytes = 0;
    };
    for await (const row of rows) {
      bytes += row.length;
      this.#ends.push(bytes);
      waiting.push(row);
      waitingBytes += row.length;
      if (waitingBytes >= BLOCK_BYTES) await write();
    }
    await write();
  }

  #startOf(row: number): number {
    return row === 0 ? 0 : this.#ends[row - 1]!;
  }
}
