import type { ChainListing } from "../chain/chain-namespaces.ts";
import { keyLineOf } from "../chain/key-line.ts";
import { KeySet } from "../chain/key-set.ts";
import { fileInArchive } from "../manifest/file-path.ts";
import { MANIFEST } from "../manifest/manifest-file.ts";
import type { PartEntry } from "../manifest/schema-parts.ts";
import { readLines } from "../parts/read-lines.ts";

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

/**
 * Gives those lines of later links that a still later one does not replace, the
 * newest link first, and gathers all keys that these links name.
 *
 * @param take gets lines whose texts stay valid.
 */
export async function readLater(
  later: readonly ChainListing[],
  reading: ChainReading,
  take: (line: KeyedLine) => Promise<void> | void,
): Promise<KeySet> {
  const keys = new KeySet();
  for (const { folder, entry } of later.toReversed()) {
    for (const part of [...(entry.deletes ?? []), ...(entry.expired ?? [])])
      await eachBlock(folder, part, { ...reading, keyFields: [] }, (lines) => {
        for (const { line } of lines) keys.add(line);
      });
    for (const part of entry.parts)
      await eachBlock(folder, part, reading, async (lines) => {
        for (const line of lines) if (keys.add(line.keyLine)) await take(line);
      });
  }
  return keys;
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
