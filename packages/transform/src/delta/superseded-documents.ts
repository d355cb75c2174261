import { join } from "node:path";
import {
  DOCUMENT_KEY,
  keyLineOf,
  KeySet,
  LineDecoder,
  readLines,
  sha256BytesOf,
  TableDigest,
  type PlainDigest,
  type ReadLine,
} from "@firebreak/archive";
import type { Keys } from "../keys.ts";
import type { PlacedPart } from "./superseded-rows.ts";

/** One part of documents of an earlier link. */
export interface SupersededDocumentsTask {
  readonly documents: PlacedPart;
  /** Key lines of the delta. */
  readonly touched: readonly PlacedPart[];
  /** Key lines of the links between: their documents were superseded before. */
  readonly between: readonly PlacedPart[];
  readonly keys: Keys;
}

/** The digest of the documents of a part that a delta supersedes, and no link before it did. */
export async function supersededDocuments(
  { documents, touched, between, keys }: SupersededDocumentsTask,
  count: (lines: number, bytes: number) => void,
): Promise<PlainDigest> {
  const [now, before] = [await lineSet(touched, keys), await lineSet(between, keys)];
  const digest = new TableDigest();
  const decoder = new LineDecoder();
  const take = (read: ReadLine): void => {
    const key = keyLineOf(read, DOCUMENT_KEY);
    if (key === undefined || !now.has(key) || before.has(key)) return;
    const line = Buffer.from(read.line, "latin1");
    decoder.out.clear();
    decoder.decode(line, 0, line.length);
    digest.add(sha256BytesOf(decoder.out.written()));
  };
  await readLines(join(documents.folder, documents.part.file), documents.part, keys, take, count);
  return digest.toPlain();
}

async function lineSet(parts: readonly PlacedPart[], keys: Keys): Promise<KeySet> {
  const set = new KeySet();
  for (const { folder, part } of parts)
    await readLines(
      join(folder, part.file),
      part,
      keys,
      ({ line }) => void set.add(line),
      () => undefined,
    );
  return set;
}
