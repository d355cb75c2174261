import { join } from "node:path";
import { LineBuffer, LineProof, LineSorter, type PartEntry, type SortedLine } from "@firebreak/archive";
import { PartSequence, type ItemLines } from "../part-sequence.ts";
import { makeFolder } from "../plan-collection.ts";
import { bytesHash } from "./keyed-hashes.ts";

/** What became of a key; in a sorter its mark is the place here, so that what is there comes first. */
const FATES = ["upsert", "delete", "expired"] as const;
type Fate = (typeof FATES)[number];
const UPSERT = FATES.indexOf("upsert");

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
 * Takes what became of the keys of a namespace, in any order, and writes it in
 * the order of the format, each key once: one that is told of as there and as
 * gone is there, and as it was where the same line was. It holds about 32 MiB and one line, however much there is; the
 * rest waits in sorted runs on the disk.
 *
 * @throws {FirebreakError} `disk-full` or `disk-failed`, from any of its methods; it is then to be abandoned.
 */
export class ChangeWriter {
  readonly #target: ChangeTarget;
  readonly #sorter: LineSorter;

  constructor(target: ChangeTarget) {
    this.#target = target;
    this.#sorter = new LineSorter(target.scratch, target.runBytes);
  }

  /** @param keyLine in byte text, as `keyLineOf` makes it. @param line in byte text, or its bytes, which are copied. */
  async upsert(keyLine: string, line: string | Uint8Array): Promise<void> {
    const bytes = typeof line === "string" ? Buffer.from(line, "latin1") : Buffer.from(line);
    await this.#add(keyLine, "upsert", bytes);
  }

  /** @param was the hash (`textHash`) of the line that was there, where that is known. */
  async delete(keyLine: string, isExpired = false, was: Buffer = NO_BYTES): Promise<void> {
    await this.#add(keyLine, isExpired ? "expired" : "delete", was);
  }

  /** Seals the parts; the folder of the namespace is there only where there are any. */
  async finish(): Promise<WrittenChanges> {
    const { archive, directory, recipients, partBytes } = this.#target;
    if (this.#sorter.count > 0) await makeFolder(join(archive, directory));
    const sequence = (prefix: string): PartSequence<Buffer> =>
      new PartSequence(
        {
          archive,
          recipients,
          partBytes,
          fileOf: (i) => `${directory}/${prefix}${String(i).padStart(5, "0")}.ndjson.zst`,
        },
        sortedLines(`${directory}/${prefix}`),
      );
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

  /** Gives all of it up. */
  async abandon(): Promise<void> {
    await this.#sorter.close();
  }

  async #add(keyLine: string, fate: Fate, line: Buffer): Promise<void> {
    await this.#sorter.add({ key: Buffer.from(keyLine, "latin1"), mark: FATES.indexOf(fate), line });
  }
}

/** Each key once. Of a key what is there stands in front of what is gone. */
async function* settled(
  changes: Iterable<SortedLine> | AsyncIterable<SortedLine>,
): AsyncGenerator<SortedLine> {
  let held: { readonly change: SortedLine; isAsItWas: boolean } | undefined;
  for await (const change of changes) {
    if (held?.change.key.equals(change.key) === true) {
      if (change.mark !== UPSERT && held.change.mark === UPSERT && change.line.length > 0)
        held.isAsItWas ||= bytesHash(held.change.line).equals(change.line);
      continue;
    }
    if (held?.isAsItWas === false) yield held.change;
    held = { change, isAsItWas: false };
  }
  if (held?.isAsItWas === false) yield held.change;
}

/** Lines by what became of their keys, a batch at a time; of what is gone the key line. */
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

/**
 * Lines that come from the sorter, as bytes. Each is decoded once more: it may have lain on the disk.
 *
 * @param file how errors call what they go to.
 */
function sortedLines(file: string): ItemLines<Buffer> {
  const out = new LineBuffer();
  const proof = new LineProof();
  let count = 0;
  const write = (line: Buffer): readonly [] => {
    proof.prove(line, 0, line.length, { file, line: ++count });
    out.reserve(line.length);
    out.at += line.copy(out.bytes, out.at);
    return [];
  };
  return { out, write, isHuge: () => false };
}
