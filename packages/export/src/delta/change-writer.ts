import { join } from "node:path";
import { sha256BytesOf, type PartEntry } from "@firebreak/archive";
import { LineSorter, PartSequence, provedLines, sequenceFile, type SortedLine } from "@firebreak/items";
import { makeFolder } from "../mongodb/plan-collection.ts";

/** The possible changes of a key. The index here is the mark in the sorter, so an upsert sorts first. */
const FATES = ["upsert", "delete", "expired"] as const;
type Fate = (typeof FATES)[number];
const UPSERT = FATES.indexOf("upsert");

/** The bytes of lines that are passed on at once. */
const BATCH_BYTES = 512 * 1024;
const NO_BYTES = Buffer.alloc(0);

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
 * it counts as unchanged. Memory holds about 32 MiB and one line, however many changes there are; the rest is
 * spilled in sorted runs.
 *
 * @throws {FirebreakError} `disk-full` or `disk-failed`, from any of its methods; it must then be abandoned.
 */
export class ChangeWriter {
  readonly #target: ChangeTarget;
  readonly #sorter: LineSorter;

  constructor(target: ChangeTarget) {
    this.#target = target;
    this.#sorter = new LineSorter(target.scratch, target.runBytes);
  }

  /**
   * @param keyLine in byte text, as `keyLineOf` makes it.
   * @param line in byte text, or its bytes, which are copied.
   */
  async upsert(keyLine: string, line: string | Uint8Array): Promise<void> {
    const bytes = typeof line === "string" ? Buffer.from(line, "latin1") : Buffer.from(line);
    await this.#add(keyLine, "upsert", bytes);
  }

  /** @param was the hash (`textHash`) of the deleted line, if it is known. */
  async delete(keyLine: string, isExpired = false, was: Buffer = NO_BYTES): Promise<void> {
    await this.#add(keyLine, isExpired ? "expired" : "delete", was);
  }

  /** Seals the parts. The folder of the namespace exists only if there are any. */
  async finish(): Promise<WrittenChanges> {
    const { archive, directory, recipients, partBytes } = this.#target;
    if (this.#sorter.count > 0) await makeFolder(join(archive, directory));
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
      for await (const batch of batchesOf(settled(await this.#sorter.sorted())))
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
      await this.#sorter.close();
    }
  }

  /** Discards all changes. */
  async abandon(): Promise<void> {
    await this.#sorter.close();
  }

  async #add(keyLine: string, fate: Fate, line: Buffer): Promise<void> {
    await this.#sorter.add({ key: Buffer.from(keyLine, "latin1"), mark: FATES.indexOf(fate), line });
  }
}

/** Yields each key once. If a key is present, its deletes are ignored. */
async function* settled(
  changes: Iterable<SortedLine> | AsyncIterable<SortedLine>,
): AsyncGenerator<SortedLine> {
  let held: { readonly change: SortedLine; isAsItWas: boolean } | undefined;
  for await (const change of changes) {
    if (held?.change.key.equals(change.key) === true) {
      if (change.mark !== UPSERT && held.change.mark === UPSERT && change.line.length > 0)
        held.isAsItWas ||= sha256BytesOf(held.change.line).equals(change.line);
      continue;
    }
    if (held?.isAsItWas === false) yield held.change;
    held = { change, isAsItWas: false };
  }
  if (held?.isAsItWas === false) yield held.change;
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
