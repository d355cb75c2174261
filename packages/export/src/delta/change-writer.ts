import { join } from "node:path";
import type { PartEntry } from "@firebreak/archive";
import { PartSequence, provedLines, sequenceFile, type SortedLine } from "@firebreak/items";
import { ChangeSorter, FATES, type Fate } from "./change-sorter.ts";
import { makeFolder } from "../mongodb/plan-collection.ts";

/** The bytes of lines that are passed on at once. */
const BATCH_BYTES = 512 * 1024;

/** The destination of the changes of one namespace. */
export interface ChangeTarget {
  readonly archive: string;
  /** The folder of the namespace, relative to the archive; created when there is something to write. */
  readonly directory: string;
  /** The recipients that parts are encrypted for; empty for parts in clear. */
  readonly recipients: readonly string[];
  readonly partBytes: number;
  /** The writer's own folder for what does not fit in memory: created when needed, removed at the end. */
  readonly scratch: string;
  readonly runBytes?: number;
}

/** The parts of a `changed` namespace, each sorted by the bytes of the key lines. */
export interface WrittenChanges {
  readonly parts: readonly PartEntry[];
  readonly deletes: readonly PartEntry[];
  readonly expired: readonly PartEntry[];
}

/**
 * Takes the changes of a namespace's keys in any order, and writes each key once, in the order of the format.
 * A key that is reported both as present and as deleted counts as present; if the deleted line was the same,
 * it counts as unchanged. Memory holds about 16 MiB and one line, however many changes there are; the rest is
 * spilled in sorted runs.
 *
 * @throws {FirebreakError} `disk-full` or `disk-failed`, from any of its methods; it must then be abandoned.
 */
export class ChangeWriter extends ChangeSorter {
  readonly #target: ChangeTarget;

  constructor(target: ChangeTarget) {
    super(target.scratch, target.runBytes);
    this.#target = target;
  }

  /** Seals the parts. The folder of the namespace exists only if there are any. */
  async finish(): Promise<WrittenChanges> {
    const { archive, directory, recipients, partBytes } = this.#target;
    if (this.count > 0) await makeFolder(join(archive, directory));
    const sequence = (prefix: string): PartSequence<Buffer> => {
      const fileOf = (i: number): string => sequenceFile(directory, i, prefix);
      const parts: PartSequence<Buffer> = new PartSequence(
        { archive, recipients, partBytes, fileOf },
        // Each line is proved again, since it may have been on disk.
        provedLines(() => parts.place),
      );
      return parts;
    };
    const sequences: Record<Fate, PartSequence<Buffer>> = {
      upsert: sequence(""),
      delete: sequence("deletes-"),
      expired: sequence("expired-"),
    };
    try {
      for await (const batch of batchesOf(this.settled()))
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
      await this.close();
    }
  }
}

/** Groups lines by the change of their keys, one batch at a time. A deleted key is given as its key line. */
async function* batchesOf(changes: AsyncIterable<SortedLine>): AsyncGenerator<Map<Fate, Buffer[]>> {
  let batch = new Map<Fate, Buffer[]>();
  let bytes = 0;
  for await (const { key, mark, line } of changes) {
    const fate = FATES[mark]!;
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
