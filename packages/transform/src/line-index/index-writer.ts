import { LazyPart, sha256TextOf, type PartEntry } from "@firebreak/archive";
import type { SurveyedLine } from "../profile.ts";
import {
  BLOCK_LINES,
  DOCUMENT_WORDS,
  DocumentBlock,
  KEY,
  KEY_WORDS,
  KeyBlock,
  lineOf,
  REFERENCE,
} from "./index-block.ts";

const WORD = new BigUint64Array(1);
const HALVES = new Uint32Array(WORD.buffer);

/** The index of a part, in two files: not every delta needs both. */
export interface IndexFiles {
  readonly documents: PartEntry;
  readonly keys: PartEntry;
}

/** The folder of index files, and the beginning and the end of their names. */
export interface IndexPlace {
  readonly folder: string;
  readonly name: string;
  readonly suffix: string;
  readonly recipients: readonly string[];
}

/** Writes the index of a part's lines, in their order. */
export class IndexWriter {
  readonly #documents: LazyPart;
  readonly #keys: LazyPart;
  readonly #documentBlock = new DocumentBlock();
  readonly #keyBlock = new KeyBlock();
  #count = 0;

  constructor({ folder, name, suffix, recipients }: IndexPlace) {
    this.#documents = new LazyPart({ folder, file: `${name}-documents${suffix}`, recipients }, 0);
    this.#keys = new LazyPart({ folder, file: `${name}-keys${suffix}`, recipients }, 0);
  }

  /** @param document the line's key line; undefined if it has none. */
  add(document: string | undefined, found: SurveyedLine | undefined): void {
    const { keys, references, kinds } = this.#keyBlock;
    const at = this.#count++;
    putHash(document, this.#documentBlock.documents, at * DOCUMENT_WORDS);
    const { key, rowKey, reference } = found ?? {};
    putNumber(key ?? rowKey, keys, at * KEY_WORDS);
    putNumber(reference?.key, references, at * KEY_WORDS);
    const kind = key !== undefined ? KEY.shared : rowKey !== undefined ? KEY.ofRows : KEY.none;
    kinds[at] = kind | ((reference === undefined ? REFERENCE.none : REFERENCE[reference.for]) << 2);
    if (this.#count === BLOCK_LINES) this.#end(this.#documentBlock, this.#keyBlock);
  }

  async flush(): Promise<void> {
    await this.#documents.flush();
    await this.#keys.flush();
  }

  async seal(): Promise<IndexFiles | undefined> {
    if (this.#count > 0)
      this.#end(this.#documentBlock.slice(0, this.#count), this.#keyBlock.slice(0, this.#count));
    const [documents, keys] = [await this.#documents.seal(), await this.#keys.seal()];
    return documents === undefined || keys === undefined ? undefined : { documents, keys };
  }

  async abandon(): Promise<void> {
    await this.#documents.abandon();
    await this.#keys.abandon();
  }

  #end(documents: DocumentBlock, keys: KeyBlock): void {
    this.#documents.lines.ascii(lineOf(documents));
    this.#documents.lineCount++;
    this.#keys.lines.ascii(lineOf(keys));
    this.#keys.lineCount++;
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
