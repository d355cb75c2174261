import { rm } from "node:fs/promises";
import { join } from "node:path";
import { mergeRuns, SortedRun, type SortedLine } from "@firebreak/archive";
import { makeFolder } from "../plan-collection.ts";

/** Runs that are read at once. */
const MAX_RUNS = 32;
/** What a key costs in memory besides its bytes, about. */
const KEY_BYTES = 100;

/** A key and the number that it was last added with. */
export interface NumberedKey {
  readonly key: Buffer;
  readonly value: number;
}

/**
 * Keys in the order of their bytes, each with the number that it was last added
 * with. What does not stay in memory is in sorted runs on the disk, which only
 * this process can read.
 *
 * @throws {FirebreakError} `disk-full` or `disk-failed`, from any of its methods.
 */
export class KeyRuns {
  readonly #folder: string;
  #gathered = new Map<string, number>();
  #runs: SortedRun[] = [];
  #runCount = 0;
  /** Of what is in memory, about. */
  bytes = 0;

  /** @param folder of its own; made when needed, removed when it is cleared. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param key in byte text. */
  add(key: string, value: number): void {
    const before = this.#gathered.size;
    this.#gathered.set(key, value);
    if (this.#gathered.size > before) this.bytes += key.length + KEY_BYTES;
  }

  /** Brings to the disk what is in memory. */
  async spill(): Promise<void> {
    if (this.#gathered.size === 0) return;
    const run = await this.#newRun();
    await run.write(this.#sorted());
    this.#runs.push(run);
    this.#gathered = new Map();
    this.bytes = 0;
    if (this.#runs.length === MAX_RUNS) await this.#mergeAll();
  }

  /** All keys so far; more may be added later, and all be read again. */
  async *read(): AsyncGenerator<NumberedKey> {
    if (this.#runs.length > 0) await this.spill();
    const all = this.#runs.length === 0 ? this.#sorted() : mergeRuns(this.#runs);
    for await (const { key, line } of newestOf(all)) yield { key, value: line.readDoubleLE(VALUE_AT) };
  }

  async clear(): Promise<void> {
    this.#gathered = new Map();
    this.bytes = 0;
    this.#runs = [];
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #mergeAll(): Promise<void> {
    const old = this.#runs;
    const run = await this.#newRun();
    await run.write(newestOf(mergeRuns(old)));
    for (const { file } of old) await rm(file);
    this.#runs = [run];
  }

  async #newRun(): Promise<SortedRun> {
    await makeFolder(this.#folder);
    return new SortedRun(join(this.#folder, `${this.#runCount++}.keys`));
  }

  /** The line of a key is when it was added, by the number of the run, and its value. */
  #sorted(): SortedLine[] {
    return [...this.#gathered]
      .map(([text, value]) => {
        const line = Buffer.alloc(VALUE_AT + 8);
        line.writeUInt32LE(this.#runCount, 0);
        line.writeDoubleLE(value, VALUE_AT);
        return { key: Buffer.from(text, "latin1"), mark: 0, line };
      })
      .sort((a, b) => Buffer.compare(a.key, b.key));
  }
}

const VALUE_AT = 4;

/** Of changes with equal keys, which follow one another, the one that was added last. */
async function* newestOf(
  changes: Iterable<SortedLine> | AsyncIterable<SortedLine>,
): AsyncGenerator<SortedLine> {
  let newest: SortedLine | undefined;
  for await (const change of changes) {
    if (newest === undefined || !newest.key.equals(change.key)) {
      if (newest !== undefined) yield newest;
      newest = change;
    } else if (change.line.readUInt32LE(0) > newest.line.readUInt32LE(0)) newest = change;
  }
  if (newest !== undefined) yield newest;
}
