import { LazyPart, sha256TextOf, type PartEntry } from "@firebreak/archive";
import type { SurveyedLine } from "../profile.ts";
import {
  BLOCK_LINES,
  DOCUMENT_WORDS,
  DocumentBlock,
  KEY,
  KEY_WORDS,
  KeyBlock,
  REFERENCE,
} from "./index-block.ts";

const WORD = new BigUint64Array(1);
const HALVES = new Uint32Array(WORD.buffer);
const NEWLINE = 0x0a;

/** The index of a part, in several files: not every delta needs all. */
export interface IndexFiles {
  readonly documents: PartEntry;
  readonly keys: PartEntry;
  /** Copies of the lines that take values from others. Missing if there are none, or too many. */
  readonly dependents?: PartEntry | undefined;
}

/** The folder of index files, and the beginning and the end of their names. */
export interface IndexPlace {
  readonly folder: string;
  readonly name: string;
  readonly suffix: string;
  readonly recipients: readonly string[];
  /** The number of lines of the indexed part. */
  readonly lineCount: number;
}

/** The part of the lines that may be copied. If more depend on others, a delta reads the lines themselves. */
const MOST_DEPENDENTS = 0.25;
/** If more than half of so many first lines depend on others, the writer takes it that there will be too many. */
const FIRST_LINES = 4096;

/** Writes the index of a part's lines, in their order. */
export class IndexWriter {
  readonly #documents: LazyPart;
  readonly #keys: LazyPart;
  /** The copies. Undefined once the writer gave them up. */
  #dependents: LazyPart | undefined;
  #dependentCount = 0;
  /** The number of lines so far. */
  #lineCount = 0;
  readonly #mostDependents: number;
  readonly #documentBlock = new DocumentBlock();
  readonly #keyBlock = new KeyBlock();
  #count = 0;

  constructor({ folder, name, suffix, recipients, lineCount }: IndexPlace) {
    const part = (kind: string, recordBytes?: number): LazyPart =>
      new LazyPart({ folder, file: `${name}-${kind}${suffix}`, recipients, recordBytes }, 0);
    this.#documents = part("documents", DocumentBlock.LINE_BYTES);
    this.#keys = part("keys", KeyBlock.LINE_BYTES);
    this.#dependents = part("dependents");
    this.#mostDependents = lineCount * MOST_DEPENDENTS;
  }

  /**
   * @param line the line itself, in byte text.
   * @param document the line's key line; undefined if it has none.
   */
  add(line: string, document: string | undefined, found: SurveyedLine | undefined): void {
    const { keys, references, kinds } = this.#keyBlock;
    const at = this.#count++;
    this.#lineCount++;
    putHash(document, this.#documentBlock.documents, at * DOCUMENT_WORDS);
    const { key, rowKey, reference } = found ?? {};
    putNumber(key ?? rowKey, keys, at * KEY_WORDS);
    putNumber(reference?.key, references, at * KEY_WORDS);
    const kind = key !== undefined ? KEY.shared : rowKey !== undefined ? KEY.ofRows : KEY.none;
    kinds[at] = kind | ((reference === undefined ? REFERENCE.none : REFERENCE[reference.for]) << 2);
    if (reference?.for === "value") this.#copy(line);
    if (this.#count === BLOCK_LINES) this.#end(this.#documentBlock, this.#keyBlock);
  }

  async flush(): Promise<void> {
    await this.#documents.flush();
    await this.#keys.flush();
    const areMost = this.#lineCount >= FIRST_LINES && this.#dependentCount > this.#lineCount / 2;
    if (this.#dependentCount <= this.#mostDependents && !areMost) await this.#dependents?.flush();
    else await this.#dropDependents();
  }

  async seal(): Promise<IndexFiles | undefined> {
    if (this.#count > 0)
      this.#end(this.#documentBlock.slice(0, this.#count), this.#keyBlock.slice(0, this.#count));
    await this.flush();
    const [documents, keys] = [await this.#documents.seal(), await this.#keys.seal()];
    const dependents = await this.#dependents?.seal();
    return documents === undefined || keys === undefined
      ? undefined
      : { documents, keys, ...(dependents === undefined ? {} : { dependents }) };
  }

  async abandon(): Promise<void> {
    await this.#documents.abandon();
    await this.#keys.abandon();
    await this.#dropDependents();
  }

  #copy(line: string): void {
    this.#dependentCount++;
    if (this.#dependents === undefined || this.#dependentCount > this.#mostDependents) return;
    this.#dependents.lines.ascii(line);
    this.#dependents.lines.byte(NEWLINE);
    this.#dependents.lineCount++;
  }

  async #dropDependents(): Promise<void> {
    await this.#dependents?.abandon();
    this.#dependents = undefined;
  }

  #end(documents: DocumentBlock, keys: KeyBlock): void {
    this.#documents.lines.copy(documents.bytes);
    this.#documents.lineCount += documents.count;
    this.#keys.lines.copy(keys.bytes);
    this.#keys.lineCount += keys.count;
    this.#count = 0;
  }
}

/** Puts the hash of a document's key line, or zeros. */
export function putHash(keyLine: string | undefined, words: Uint32Array, at: number): void {
  const hash = keyLine === undefined ? "" : sha256TextOf(Buffer.from(keyLine, "latin1"));
  for (let i = 0; i < DOCUMENT_WORDS; i++)
    words[at + i] =
      hash === ""
        ? 0
        : hash.charCodeAt(4 * i) |
          (hash.charCodeAt(4 * i + 1) << 8) |
          (hash.charCodeAt(4 * i + 2) << 16) |
          (hash.charCodeAt(4 * i + 3) << 24);
}

function putNumber(value: bigint | undefined, words: Uint32Array, at: number): void {
  WORD[0] = value === undefined ? 0n : BigInt.asUintN(64, value);
  words[at] = HALVES[0]!;
  words[at + 1] = HALVES[1]!;
}
