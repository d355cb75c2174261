import { join } from "node:path";
import { DOCUMENT_KEY, keyLineOf, TableDigest, type PlainDigest } from "@firebreak/items";
import { LineDecoder, readLines, sha256BytesOf, type ReadLine } from "@firebreak/archive";
import type { Keys } from "../keys.ts";
import { Superseded, type EachKey, type PlacedPart, type SealedSuperseding } from "./superseding-keys.ts";

/** A task for one part of documents of an earlier link. */
export interface SupersededDocumentsTask {
  readonly documents: PlacedPart;
  /** The number of that link. */
  readonly link: number;
  readonly superseding: SealedSuperseding;
  readonly keys: Keys;
}

/**
 * Returns the digest of a part's documents that the delta supersedes, and that no link before it superseded.
 */
export async function supersededDocuments(
  { documents, link, superseding, keys }: SupersededDocumentsTask,
  count: (lines: number, bytes: number) => void,
): Promise<PlainDigest> {
  const digest = new TableDigest();
  const decoder = new LineDecoder();
  const superseded = new Superseded(superseding, link);
  const take = (read: ReadLine): void => {
    const key = keyLineOf(read, DOCUMENT_KEY);
    if (key === undefined || !superseded.has(key)) return;
    const line = Buffer.from(read.line, "latin1");
    decoder.out.clear();
    decoder.decode(line, 0, line.length);
    digest.add(sha256BytesOf(decoder.out.written()));
  };
  try {
    await readLines(join(documents.folder, documents.part.file), documents.part, keys, take, count);
  } finally {
    superseded.close();
  }
  return digest.toPlain();
}

/** Reads the key lines in the key parts of a collection's deltas. */
export function eachKeyLine(keys: Keys): EachKey {
  return async ({ folder, part }, take) => {
    let lines: string[] = [];
    await readLines(
      join(folder, part.file),
      part,
      keys,
      ({ line }) => void lines.push(line),
      async () => {
        for (const line of lines) await take(line);
        lines = [];
      },
    );
  };
}
