import { sha256BytesOf } from "@firebreak/archive";
import { LineSorter } from "../sorted/line-sorter.ts";

/** The number of bytes of a hash that tell keys apart: 128 bits, so that no two collide. */
const HASH_BYTES = 16;

/** The memory of the sorter, in bytes. Several sorters may run at once. */
const RUN_BYTES = 8 * 1024 * 1024;

/** The position of a line in a namespace. */
export interface LineAt {
  /** The index of its part among the namespace's parts, from 0. */
  readonly part: number;
  /** Counts from 1. */
  readonly line: number;
}

/** A key that several lines have. */
export interface RepeatedKey {
  /** The key line of the first of these lines, in byte text. */
  readonly keyLine: string;
  readonly first: LineAt;
  /** The other lines with this key, at least one, in the order of the archive. */
  readonly later: readonly LineAt[];
}

/**
 * Finds lines of a namespace whose keys a database takes for equal, such as 1 and 1.0. It holds about 8 MiB,
 * however many lines there are; the rest is on the disk. The caller closes it.
 *
 * @throws {FirebreakError} `disk-full` or `disk-failed`, from any of its methods.
 */
export class RepeatedKeys {
  readonly #sorter: LineSorter;
  readonly #orderOf: (keyLine: string) => string | undefined;

  /**
   * @param scratch a folder for this object alone: made when needed, removed on close.
   * @param orderOf returns equal texts for equal keys. If it returns undefined, keys are equal only if their
   * lines are.
   */
  constructor(scratch: string, orderOf: (keyLine: string) => string | undefined) {
    this.#sorter = new LineSorter(scratch, RUN_BYTES);
    this.#orderOf = orderOf;
  }

  async add(keyLine: string, { part, line }: LineAt): Promise<void> {
    const key = Buffer.allocUnsafe(HASH_BYTES + 8);
    sha256BytesOf(this.#orderOf(keyLine) ?? keyLine).copy(key, 0, 0, HASH_BYTES);
    key.writeUInt32BE(part, HASH_BYTES);
    key.writeUInt32BE(line, HASH_BYTES + 4);
    await this.#sorter.add({ key, mark: 0, line: Buffer.from(keyLine, "latin1") });
  }

  /** Yields every key that several lines have, in any order. */
  async *repeated(): AsyncGenerator<RepeatedKey> {
    let hash: Buffer = Buffer.alloc(0);
    let first: { readonly at: LineAt; readonly keyLine: string } | undefined;
    let later: LineAt[] = [];
    const found = (): RepeatedKey[] =>
      first === undefined || later.length === 0 ? [] : [{ keyLine: first.keyLine, first: first.at, later }];
    for await (const { key, line } of await this.#sorter.sorted()) {
      const at = { part: key.readUInt32BE(HASH_BYTES), line: key.readUInt32BE(HASH_BYTES + 4) };
      if (first !== undefined && key.subarray(0, HASH_BYTES).equals(hash)) {
        later.push(at);
        continue;
      }
      yield* found();
      hash = Buffer.from(key.subarray(0, HASH_BYTES));
      first = { at, keyLine: line.toString("latin1") };
      later = [];
    }
    yield* found();
  }

  async close(): Promise<void> {
    await this.#sorter.close();
  }
}
