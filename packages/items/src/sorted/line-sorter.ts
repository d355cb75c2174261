import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { diskFault } from "@firebreak/archive";
import { GatheredLines } from "./gathered-lines.ts";
import { mergeRuns, SortedRun, type PlainRun, type SortedLine } from "./sorted-run.ts";

/** Bytes of keys and lines that are sorted in memory. */
const RUN_BYTES = 16 * 1024 * 1024;
/** The most bytes of keys and lines that go to another thread by themselves. */
const PLAIN_BYTES = 64 * 1024;
/** The most runs that are read at once. */
const MAX_RUNS = 64;

/** The lines of a sorter as they go to another thread: few lines by themselves, many in sorted runs. */
export interface SealedLines {
  readonly count: number;
  readonly lines: readonly SortedLine[];
  readonly runs: readonly PlainRun[];
}

/**
 * Sorts lines by the bytes of their keys, those of the same key by their marks. It holds about 16 MiB and one
 * line, however many there are, and spills the rest to sorted runs on the disk. The caller closes it.
 *
 * @throws {FirebreakError} `disk-full` or `disk-failed`, from any of its methods.
 */
export class LineSorter {
  readonly #scratch: string;
  readonly #runBytes: number;
  readonly #gathered = new GatheredLines();
  #runs: SortedRun[] = [];
  #runCount = 0;
  /** The number of lines added. */
  count = 0;

  /**
   * @param scratch a folder for this object alone, for runs that do not fit in memory: made when needed,
   * removed on close.
   */
  constructor(scratch: string, runBytes: number = RUN_BYTES) {
    this.#scratch = scratch;
    this.#runBytes = runBytes;
  }

  /** Adds a copy of the line. */
  async add(line: SortedLine): Promise<void> {
    this.#gathered.add(line);
    this.count++;
    if (this.#gathered.bytes >= this.#runBytes) await this.#spill();
  }

  /**
   * Returns all lines in order. Call it after the last `add`; it may be called again. A line is valid until
   * the next.
   */
  async sorted(): Promise<Iterable<SortedLine> | AsyncIterable<SortedLine>> {
    if (this.#runs.length === 0) return this.#gathered.sorted();
    await this.#spill();
    this.#gathered.clear();
    while (this.#runs.length > MAX_RUNS) await this.#mergeSome();
    return mergeRuns(this.#runs);
  }

  /** Returns all lines for a sorter of another thread, which adopts them and their files. The last call. */
  async seal(): Promise<SealedLines> {
    const isSmall = this.#runs.length === 0 && this.#gathered.bytes <= PLAIN_BYTES;
    if (!isSmall) await this.#spill();
    const lines = isSmall ? Array.from(this.#gathered.sorted(), copyOf) : [];
    this.#gathered.clear();
    return { count: this.count, lines, runs: this.#runs.map((run) => run.plain) };
  }

  /** Adds the lines that another sorter has sealed. Files stay that nobody merges: close does not know them. */
  async adopt({ count, lines, runs }: SealedLines): Promise<void> {
    // Between threads, a Buffer becomes a plain array of bytes.
    for (const line of lines) await this.add(copyOf(line));
    this.count += count - lines.length;
    this.#runs.push(...runs.map((run) => new SortedRun(run.file, run)));
  }

  async close(): Promise<void> {
    this.#gathered.clear();
    await rm(this.#scratch, { recursive: true, force: true });
  }

  async #spill(): Promise<void> {
    if (this.#gathered.count === 0) return;
    const run = await this.#newRun();
    await run.write(this.#gathered.sorted());
    this.#runs.push(run);
    this.#gathered.restart();
  }

  async #mergeSome(): Promise<void> {
    const some = this.#runs.splice(0, MAX_RUNS);
    const run = await this.#newRun();
    await run.write(mergeRuns(some));
    for (const { file } of some) await rm(file);
    this.#runs.push(run);
  }

  async #newRun(): Promise<SortedRun> {
    await mkdir(this.#scratch, { recursive: true }).catch((error: unknown) => {
      throw diskFault(error, this.#scratch);
    });
    return new SortedRun(join(this.#scratch, `${this.#runCount++}.run`));
  }
}

function copyOf({ key, mark, line }: SortedLine): SortedLine {
  return { key: Buffer.from(key), mark, line: Buffer.from(line) };
}
