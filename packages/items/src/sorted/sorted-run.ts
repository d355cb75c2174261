import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { diskFault } from "@firebreak/archive";

/** A line with its sort key, and a small number whose meaning is the caller's. */
export interface SortedLine {
  readonly key: Buffer;
  /** 0 to 255. */
  readonly mark: number;
  readonly line: Buffer;
}

/** Orders lines by the bytes of their keys; for the same key the lower mark comes first. */
export function compareLines(
  a: Pick<SortedLine, "key" | "mark">,
  b: Pick<SortedLine, "key" | "mark">,
): number {
  return Buffer.compare(a.key, b.key) || a.mark - b.mark;
}

/** The size of the mark, and of the lengths of key and line as 32-bit numbers. */
const HEAD_BYTES = 9;
const BLOCK_BYTES = 64 * 1024;
const NO_BYTES = Buffer.alloc(0);

/** A sorted run as it goes to another thread. */
export interface PlainRun {
  readonly file: string;
  readonly secret: Uint8Array;
  readonly start: Uint8Array;
}

/**
 * A file of lines sorted by the bytes of their keys, which lives as long as this process. It is encrypted
 * with a key that only this process knows, so that the file of a killed run reveals nothing.
 */
export class SortedRun {
  readonly file: string;
  readonly #secret: Uint8Array;
  readonly #start: Uint8Array;

  constructor(file: string, { secret, start }: Omit<PlainRun, "file"> = newSecret()) {
    this.file = file;
    this.#secret = secret;
    this.#start = start;
  }

  get plain(): PlainRun {
    return { file: this.file, secret: this.#secret, start: this.#start };
  }

  /** @throws {FirebreakError} `disk-full` or `disk-failed`. */
  async write(lines: Iterable<SortedLine> | AsyncIterable<SortedLine>): Promise<void> {
    const cipher = createCipheriv("aes-256-ctr", this.#secret, this.#start);
    try {
      await pipeline(Readable.from(blocksOf(lines)), cipher, createWriteStream(this.file));
    } catch (error) {
      throw diskFault(error, this.file);
    }
  }

  /** Opens the run. A caller that stops early must close the reader. */
  open(): SortedRunReader {
    const decipher = createDecipheriv("aes-256-ctr", this.#secret, this.#start);
    return new SortedRunReader(this.file, createReadStream(this.file, { highWaterMark: BLOCK_BYTES }), (b) =>
      decipher.update(b),
    );
  }
}

function newSecret(): Omit<PlainRun, "file"> {
  return { secret: randomBytes(32), start: randomBytes(16) };
}

async function* blocksOf(lines: Iterable<SortedLine> | AsyncIterable<SortedLine>): AsyncGenerator<Buffer> {
  let gathered: Buffer[] = [];
  let bytes = 0;
  for await (const { key, mark, line } of lines) {
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt8(mark, 0);
    head.writeUInt32LE(key.length, 1);
    head.writeUInt32LE(line.length, 5);
    gathered.push(head, key, line);
    bytes += HEAD_BYTES + key.length + line.length;
    if (bytes < BLOCK_BYTES) continue;
    yield Buffer.concat(gathered);
    gathered = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(gathered);
}

/** A reading position at one line of a run, so that merging runs has only the current line in memory. */
export class SortedRunReader {
  readonly #file: string;
  readonly #blocks: AsyncIterator<Buffer>;
  readonly #decrypt: (block: Buffer) => Buffer;
  #rest: Buffer = NO_BYTES;
  #lineBytes = 0;
  /** The key of the current line; undefined behind the last line. */
  key: Buffer | undefined;
  mark = 0;

  constructor(file: string, blocks: AsyncIterable<Buffer>, decrypt: (block: Buffer) => Buffer) {
    this.#file = file;
    this.#blocks = blocks[Symbol.asyncIterator]();
    this.#decrypt = decrypt;
  }

  /** Moves to the next line; the previous one must have been taken. */
  async next(): Promise<void> {
    const head = await this.#take(HEAD_BYTES);
    if (head.length === 0) {
      this.key = undefined;
      return;
    }
    this.mark = head.readUInt8(0);
    this.#lineBytes = head.readUInt32LE(5);
    this.key = await this.#take(head.readUInt32LE(1));
  }

  takeLine(): Promise<Buffer> {
    return this.#take(this.#lineBytes);
  }

  async close(): Promise<void> {
    await this.#blocks.return?.();
  }

  async #take(count: number): Promise<Buffer> {
    const gathered: Buffer[] = [];
    let missing = count;
    while (missing > 0) {
      if (this.#rest.length === 0) {
        const next = await this.#blocks.next().catch((error: unknown) => {
          throw diskFault(error, this.#file);
        });
        if (next.done === true) break;
        this.#rest = this.#decrypt(next.value);
      }
      const taken = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(taken.length);
      missing -= taken.length;
      gathered.push(taken);
    }
    return gathered.length === 1 ? gathered[0]! : Buffer.concat(gathered);
  }
}

/** Merges several runs: yields their lines in the order of their keys. */
export async function* mergeRuns(runs: readonly SortedRun[]): AsyncGenerator<SortedLine> {
  const readers: SortedRunReader[] = [];
  try {
    for (const run of runs) {
      const reader = run.open();
      readers.push(reader);
      await reader.next();
    }
    const standing = readers.filter((r) => r.key !== undefined).sort(byKey);
    while (standing.length > 0) {
      const first = standing[0]!;
      yield { key: first.key!, mark: first.mark, line: await first.takeLine() };
      await first.next();
      if (first.key === undefined) standing.shift();
      else sink(standing, first);
    }
  } finally {
    for (const reader of readers) await reader.close();
  }
}

/** Moves the first of a sorted list to its new place. */
function sink(sorted: SortedRunReader[], first: SortedRunReader): void {
  let low = 1;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byKey(sorted[middle]!, first) < 0) low = middle + 1;
    else high = middle;
  }
  sorted.copyWithin(0, 1, low);
  sorted[low - 1] = first;
}

function byKey(a: SortedRunReader, b: SortedRunReader): number {
  return compareLines({ key: a.key!, mark: a.mark }, { key: b.key!, mark: b.mark });
}
