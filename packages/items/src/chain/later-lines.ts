import type { ChainListing } from "./chain-namespaces.ts";
import { keyLineOf } from "./key-line.ts";
import {
  archiveReason,
  fileInArchive,
  MANIFEST,
  type PartEntry,
  readLines,
  ReasonError,
} from "@firebreak/archive";
import { KeyStore } from "../sorted/key-store.ts";
import { KeyStoreWriter } from "../sorted/key-store-writer.ts";

/** The settings for reading the files of a chain. */
export interface ChainReading {
  readonly identities: readonly string[] | undefined;
  /** The fields that tell lines apart. Empty if there are none, and then no link is "changed". */
  readonly keyFields: readonly string[];
  /** Is called with the lines and bytes just read. */
  readonly count: (lines: number, bytes: number) => void;
}

/** A line of a chain, with its key line; both are byte text. */
export interface KeyedLine {
  readonly keyLine: string;
  readonly line: string;
}

/** All keys that the later links of a chain name. The caller closes it. */
export class LaterKeys {
  readonly #writer: KeyStoreWriter;
  #keys: KeyStore | undefined;

  /** @param folder a folder for this object alone, for keys that do not fit in memory. */
  constructor(folder: string) {
    this.#writer = new KeyStoreWriter(folder);
  }

  /** Returns true if a later link names a key. Must be called after `read`. */
  has(keyLine: string): boolean {
    return this.#keys!.has(keyLine);
  }

  /**
   * Reads the links, and passes on those of their lines that no later link replaces, the newest link first.
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

/** Passes on the lines of a part, a block at a time. Without key fields their key lines are empty. */
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
      if (keyLine === undefined) throw new ReasonError(archiveReason("no-key"));
      lines.push({ keyLine, line: read.line });
    },
    async (lineCount, bytes) => {
      count(lineCount, bytes);
      await take(lines);
      lines = [];
    },
  );
}
