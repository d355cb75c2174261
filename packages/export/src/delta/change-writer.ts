import { rm } from "node:fs/promises";
import { join } from "node:path";
import { LineBuffer, type PartEntry } from "@firebreak/archive";
import { PartSequence, type ItemLines } from "../part-sequence.ts";
import { makeFolder } from "../plan-collection.ts";
import { ChangeRun, type Fate, type KeyChange } from "./change-run.ts";
import { mergeRuns } from "./merge-runs.ts";

/** Bytes of keys and lines that are sorted in memory. */
const RUN_BYTES = 32 * 1024 * 1024;
/** What a change costs besides, about. */
const CHANGE_BYTES = 200;
/** Runs that are read at once. */
const MAX_RUNS = 64;
/** Lines handed on at once. */
const BATCH_BYTES = 512 * 1024;
const NO_BYTES = Buffer.alloc(0);

/** Where the changes of one namespace go. */
export interface ChangeTarget {
  readonly archive: string;
  /** Of the namespace, relative to the archive; made when there is something to write. */
  readonly directory: string;
  /** For whom parts are encrypted; none for parts in clear. */
  readonly recipients: readonly string[];
  readonly partBytes: number;
  /** A folder of the writer's own, for what does not fit in memory: made when needed, removed at the end. */
  readonly scratch: string;
  readonly runBytes?: number;
}

/** What `changed` says of a namespace, each sorted by the bytes of the key lines. */
export interface WrittenChanges {
  readonly parts: readonly PartEntry[];
  readonly deletes: readonly PartEntry[];
  readonly expired: readonly PartEntry[];
}

/**
 * Takes what became of the keys of a namespace, in any order, each key once, and
 * writes it in the order of the format. It holds about 32 MiB and one line,
 * however much there is; the rest waits in sorted runs on the disk.
 *
 * @throws {FirebreakError} `disk-full` or `disk-failed`, from any of its methods; it is then to be abandoned.
 */
export class ChangeWriter {
  readonly #target: ChangeTarget;
  readonly #runBytes: number;
  #gathered: KeyChange[] = [];
  #bytes = 0;
  #runs: ChangeRun[] = [];
  #runCount = 0;
  /** How many keys have been told of. */
  count = 0;

  constructor(target: ChangeTarget) {
    this.#target = target;
    this.#runBytes = target.runBytes ?? RUN_BYTES;
  }

  /** @param keyLine in byte text, as `keyLineOf` makes it. @param line in byte text, or its bytes, which are copied. */
  async upsert(keyLine: string, line: string | Uint8Array): Promise<void> {
    const bytes = typeof line === "string" ? Buffer.from(line, "latin1") : Buffer.from(line);
    await this.#add(keyLine, "upsert", bytes);
  }

  async delete(keyLine: string, isExpired = false): Promise<void> {
    await this.#add(keyLine, isExpired ? "expired" : "delete", NO_BYTES);
  }

  /** Seals the parts; the folder of the namespace is there only where there are any. */
  async finish(): Promise<WrittenChanges> {
    const { archive, directory, recipients, partBytes, scratch } = this.#target;
    if (this.count > 0) await makeFolder(join(archive, directory));
    const sequence = (prefix: string): PartSequence<Buffer> =>
      new PartSequence(
        {
          archive,
          recipients,
          partBytes,
          fileOf: (i) => `${directory}/${prefix}${String(i).padStart(5, "0")}.ndjson.zst`,
        },
        plainLines(),
      );
    const sequences: Record<Fate, PartSequence<Buffer>> = {
      upsert: sequence(""),
      delete: sequence("deletes-"),
      expired: sequence("expired-"),
    };
    try {
      for await (const batch of batchesOf(await this.#sorted()))
        for (const [fate, lines] of batch) await sequences[fate].write(lines);
      const { upsert, delete: deletes, expired } = sequences;
      return {
        parts: (await upsert.finish()).parts,
        deletes: (await deletes.finish()).parts,
        expired: (await expired.finish()).parts,
      };
    } catch (error) {
      for (const one of Object.values(sequences)) await one.abandon();
      throw error;
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  /** Gives all of it up. */
  async abandon(): Promise<void> {
    this.#gathered = [];
    await rm(this.#target.scratch, { recursive: true, force: true });
  }

  async #add(keyLine: string, fate: Fate, line: Buffer): Promise<void> {
    const key = Buffer.from(keyLine, "latin1");
    this.#gathered.push({ key, fate, line });
    this.#bytes += key.length + line.length + CHANGE_BYTES;
    this.count++;
    if (this.#bytes >= this.#runBytes) await this.#spill();
  }

  async #sorted(): Promise<Iterable<KeyChange> | AsyncIterable<KeyChange>> {
    if (this.#runs.length === 0) return this.#gathered.sort(byKey);
    await this.#spill();
    while (this.#runs.length > MAX_RUNS) await this.#mergeSome();
    return mergeRuns(this.#runs);
  }

  async #spill(): Promise<void> {
    if (this.#gathered.length === 0) return;
    const run = await this.#newRun();
    await run.write(this.#gathered.sort(byKey));
    this.#runs.push(run);
    this.#gathered = [];
    this.#bytes = 0;
  }

  async #mergeSome(): Promise<void> {
    const some = this.#runs.splice(0, MAX_RUNS);
    const run = await this.#newRun();
    await run.write(mergeRuns(some));
    for (const { file } of some) await rm(file);
    this.#runs.push(run);
  }

  async #newRun(): Promise<ChangeRun> {
    const { scratch } = this.#target;
    await makeFolder(scratch);
    return new ChangeRun(join(scratch, `${this.#runCount++}.run`));
  }
}

function byKey(a: KeyChange, b: KeyChange): number {
  return Buffer.compare(a.key, b.key);
}

/** Lines by what became of their keys, a batch at a time; of what is gone the key line. */
async function* batchesOf(
  changes: Iterable<KeyChange> | AsyncIterable<KeyChange>,
): AsyncGenerator<Map<Fate, Buffer[]>> {
  let batch = new Map<Fate, Buffer[]>();
  let bytes = 0;
  for await (const { key, fate, line } of changes) {
    const written = fate === "upsert" ? line : key;
    const lines = batch.get(fate) ?? [];
    batch.set(fate, lines);
    lines.push(written);
    bytes += written.length;
    if (bytes < BATCH_BYTES) continue;
    yield batch;
    batch = new Map();
    bytes = 0;
  }
  yield batch;
}

/** Lines that are at hand as bytes. */
function plainLines(): ItemLines<Buffer> {
  const out = new LineBuffer();
  const write = (line: Buffer): readonly [] => {
    out.reserve(line.length);
    out.at += line.copy(out.bytes, out.at);
    return [];
  };
  return { out, write };
}
