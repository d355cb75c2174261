import { rm } from "node:fs/promises";
import { join } from "node:path";
import { GatheredLines, mergeRuns, SortedRun, type SortedLine } from "@firebreak/items";
import { makeFolder } from "../../mongodb/plan-collection.ts";

/** The number of runs that are read at once. */
const MAX_RUNS = 32;

/** A key, and the number that it was last added with. */
export interface NumberedKey {
  readonly key: Buffer;
  readonly value: number;
}

/**
 * Keys in the order of their bytes, each with the number that it was last added with. Keys that do not fit in
 * memory are spilled in sorted runs, which only this process can read.
 *
 * @throws {FirebreakError} `disk-full` or `disk-failed`, from any of its methods.
 */
export class KeyRuns {
  readonly #folder: string;
  readonly #gathered = new GatheredLines();
  #runs: SortedRun[] = [];
  #runCount = 0;
  #addedCount = 0;

  /** @param folder its own; created when needed, removed by `clear`. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The bytes in memory. */
  get bytes(): number {
    return this.#gathered.bytes;
  }

  /** @param key in byte text. */
  add(key: string, value: number): void {
    const line = Buffer.allocUnsafe(LINE_BYTES);
    line.writeDoubleLE(this.#addedCount++, ADDED_AT);
    line.writeDoubleLE(value, VALUE_AT);
    this.#gathered.add({ key: Buffer.from(key, "latin1"), mark: 0, line });
  }

  /** Writes the keys in memory to the disk. */
  async spill(): Promise<void> {
    if (this.#gathered.count === 0) return;
    const run = await this.#newRun();
    await run.write(newestOf(this.#gathered.sorted()));
    this.#runs.push(run);
    this.#gathered.clear();
    if (this.#runs.length === MAX_RUNS) await this.#mergeAll();
  }

  /** Yields all keys so far. The caller may add more later, and read all again. */
  async *read(): AsyncGenerator<NumberedKey> {
    if (this.#runs.length > 0) await this.spill();
    const all = this.#runs.length === 0 ? this.#gathered.sorted() : mergeRuns(this.#runs);
    for await (const { key, line } of newestOf(all)) yield { key, value: line.readDoubleLE(VALUE_AT) };
  }

  async clear(): Promise<void> {
    this.#gathered.clear();
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
}

/** A key's line holds its sequence number among all added keys, and its value. */
const ADDED_AT = 0;
const VALUE_AT = 8;
const LINE_BYTES = 16;

/** Keeps only the change that was added last among adjacent changes with equal keys. */
async function* newestOf(
  changes: Iterable<SortedLine> | AsyncIterable<SortedLine>,
): AsyncGenerator<SortedLine> {
  let newest: SortedLine | undefined;
  for await (const change of changes) {
    if (newest === undefined || !newest.key.equals(change.key)) {
      if (newest !== undefined) yield newest;
      newest = change;
    } else if (change.line.readDoubleLE(ADDED_AT) > newest.line.readDoubleLE(ADDED_AT)) newest = change;
  }
  if (newest !== undefined) yield newest;
}
