import type { ChainListing } from "../chain/chain-namespaces.ts";
import { keyLineOf } from "../chain/key-line.ts";
import { fileInArchive } from "../manifest/file-path.ts";
import { MANIFEST } from "../manifest/manifest-file.ts";
import type { PartEntry } from "../manifest/schema-parts.ts";
import { readLines } from "../parts/read-lines.ts";
import { KeyStore } from "../sorting/key-store.ts";
import { KeyStoreWriter } from "../sorting/key-store-writer.ts";

/** How the files of a chain are read. */
export interface ChainReading {
  readonly identities: readonly string[] | undefined;
  /** Names what tells lines apart; empty where nothing does, and then no link says "changed". */
  readonly keyFields: readonly string[];
  /** Told of lines and bytes as they are read. */
  readonly count: (lines: number, bytes: number) => void;
}

/** A line of a chain, with its key line; both byte text. */
export interface KeyedLine {
  readonly keyLine: string;
  readonly line: string;
}

/** All keys that the later links of a chain name. Close them when done. */
export class LaterKeys {
  readonly #writer: KeyStoreWriter;
  #keys: KeyStore | undefined;

  /** @param folder of its own, for what does not fit in memory. */
  constructor(folder: string) {
    this.#writer = new KeyStoreWriter(folder);
  }

  /** Whether a later link names a key; to be asked when all were read. */
  has(keyLine: string): boolean {
    return this.#keys!.has(keyLine);
  }

  /**
   * Reads the links, and gives those of their lines that a still later link does not replace, the newest link first.
   *
   * @param take gets lines whose texts stay valid.
   */
  async read(
    later: readonly ChainListing[],
    reading: ChainReading,
    take: (line: KeyedLine) => Promise<void> | void,
  ): Promise<void> {
    for (const [number, { folder, entry }] of later.entries()) {
      for (const part of [...(entry.deletes ?? []), ...(entry.expired ?? [])])
        await eachBlock(folder, part, { ...reading, keyFields: [] }, async (lines) => {
          for (const { line } of lines) await this.#writer.add(line, number);
        });
      for (const part of entry.parts)
        await eachBlock(folder, part, reading, async (lines) => {
          for (const line of lines) {
            await this.#writer.add(line.keyLine, number);
            // A single link has each key once.
            if (later.length === 1) await take(line);
          }
        });
    }
    const keys = new KeyStore(await this.#writer.seal());
    this.#keys = keys;
    if (later.length === 1) return;
    for (const [number, { folder, entry }] of [...later.entries()].toReversed())
      for (const part of entry.parts)
        await eachBlock(folder, part, reading, async (lines) => {
          // The number of a key is that of the newest link that names it.
          for (const line of lines) if (keys.get(line.keyLine) === number) await take(line);
        });
  }

  async close(): Promise<void> {
    this.#keys?.close();
    await this.#writer.close();
  }
}

/** The lines of a part, a block at a time. Without key fields their key lines are empty. */
export async function eachBlock(
  folder: string,
  part: PartEntry,
  { identities, keyFields, count }: ChainReading,
  take: (lines: readonly KeyedLine[]) => Promise<void> | void,
): Promise<void> {
  let lines: KeyedLine[] = [];
  await readLines(
    fileInArchive(folder, MANIFEST, part.file),
    part,
    { identities },
    (read) => {
      const keyLine = keyFields.length === 0 ? "" : keyLineOf(read, keyFields);
      if (keyLine === undefined) throw new Error("it has no key");
      lines.push({ keyLine, line: read.line });
    },
    async (lineCount, bytes) => {
      count(lineCount, bytes);
      await take(lines);
      lines = [];
    },
  );
}
