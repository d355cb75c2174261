import { join } from "node:path";
import {
  archiveFault,
  parseSuperseded,
  readPart,
  reasonOf,
  type LineIndex,
  type PartEntry,
} from "@firebreak/archive";
import type { ChainListing } from "@firebreak/items";
import type { ProfileSurvey } from "../profile.ts";
import { BLOCK_LINES, DocumentBlock, KeyBlock } from "./index-block.ts";
import type { IndexFiles } from "./index-writer.ts";
import { LineMarks } from "./line-marks.ts";
import { smallLines } from "./small-lines.ts";

/** A part of a chain, with the index of its lines. */
export interface IndexedPart {
  /** The number of its link. */
  readonly link: number;
  /** The archive that has the part. */
  readonly folder: string;
  readonly namespace: string;
  readonly part: PartEntry;
  readonly index: IndexFiles;
  /** The folder of the index. */
  readonly indexFolder: string;
  /** The lines that a later link superseded are marked. */
  readonly superseded: LineMarks;
}

/** The index of a part, for those who read its blocks. */
export type BlocksOf = Pick<IndexedPart, "index" | "indexFolder">;

/** The index of the lines of a chain. */
export interface OpenIndex {
  /** In the order of namespaces, links and parts. */
  readonly parts: readonly IndexedPart[];
  readonly surveys: ReadonlyMap<string, ProfileSurvey>;
}

/** The index in the folder that transform wrote for one link. */
export interface FoundIndex {
  readonly folder: string;
  readonly index: LineIndex;
}

/**
 * Returns the indexes that cover a whole chain, in its order. Undefined if a link is not covered.
 *
 * @param links the index of each link, if it has one.
 */
export function coveringIndexes(
  links: readonly { readonly folder: string; readonly index: LineIndex | undefined }[],
): readonly FoundIndex[] | undefined {
  const covering: FoundIndex[] = [];
  for (let number = links.length - 1; number >= 0;) {
    const { folder, index } = links[number]!;
    if (index === undefined) return undefined;
    covering.unshift({ folder, index });
    number = index.from - 1;
  }
  return covering;
}

/**
 * Opens the index of namespaces of a chain. Returns undefined if it lacks a part.
 *
 * @param found what `coveringIndexes` returns.
 * @param listings for each namespace the links that hold its lines.
 * @param linkOf returns the number of an archive's link.
 * @throws {FirebreakError} as `readPart` does, or `line-unreadable`.
 */
export async function openIndex(
  found: readonly FoundIndex[],
  listings: readonly (readonly ChainListing[])[],
  linkOf: (folder: string) => number,
  identities: readonly string[],
): Promise<OpenIndex | undefined> {
  const nameOf = (link: number, part: string): string => `${link} ${part}`;
  const indexes = new Map(
    found.flatMap(({ folder, index }) =>
      index.parts.map((p) => [nameOf(p.link, p.part), { indexFolder: folder, index: p }] as const),
    ),
  );
  const parts: IndexedPart[] = [];
  for (const { folder, entry } of listings.flat())
    for (const part of entry.parts) {
      // A part without lines has no index.
      if (part.lineCount === 0) continue;
      const link = linkOf(folder);
      const indexed = indexes.get(nameOf(link, part.file));
      if (indexed === undefined) return undefined;
      const superseded = new LineMarks(part.lineCount);
      parts.push({ link, folder, namespace: entry.namespace, part, ...indexed, superseded });
    }
  const byName = new Map(parts.map((p) => [nameOf(p.link, p.part.file), p]));
  for (const { folder, index } of found)
    for (const file of index.superseded)
      for await (const { link, part, lines } of parsedLines(folder, file, identities, parseSuperseded))
        for (const line of lines) byName.get(nameOf(link, part))?.superseded.set(line, 1);
  const surveys = new Map(
    Object.entries(found.at(-1)!.index.surveys).flatMap(([group, survey]) =>
      // Only the profile knows the shape; it reads what its own version wrote.
      typeof survey === "object" && survey !== null ? [[group, survey] as const] : [],
    ),
  );
  return { parts, surveys };
}

/**
 * Yields the keys of a part's lines, block by block. A block is valid until the next one.
 *
 * @throws {FirebreakError} as `readPart` does, or `line-unreadable`.
 */
export function keyBlocks(
  { index: { keys }, indexFolder }: BlocksOf,
  identities: readonly string[],
): AsyncGenerator<KeyBlock> {
  return blocks(indexFolder, keys, identities, KeyBlock);
}

/**
 * Yields the hashes of a part's documents, in blocks of the same lines as those of keys. A block is valid until the
 * next one.
 *
 * @throws {FirebreakError} as `readPart` does, or `line-unreadable`.
 */
export function documentBlocks(
  { index: { documents }, indexFolder }: BlocksOf,
  identities: readonly string[],
): AsyncGenerator<DocumentBlock> {
  return blocks(indexFolder, documents, identities, DocumentBlock);
}

/** The keys of consecutive lines, and the hashes of their documents. */
export interface IndexBlocks {
  readonly keys: KeyBlock;
  readonly documents: DocumentBlock;
}

/**
 * Yields the keys of a part's lines and the hashes of their documents, block by block. Each is valid until the
 * next one.
 *
 * @throws {FirebreakError} as `readPart` does, or `line-unreadable`, also if one file has more lines.
 */
export async function* indexBlocks(
  part: BlocksOf,
  identities: readonly string[],
): AsyncGenerator<IndexBlocks> {
  const hashes = documentBlocks(part, identities);
  let line = 1;
  const fault = (): Error =>
    archiveFault("line-unreadable", {
      file: join(part.indexFolder, part.index.documents.file),
      line,
      reason: reasonOf(new Error(`it has other lines than ${part.index.keys.file}`)),
    });
  try {
    for await (const keys of keyBlocks(part, identities)) {
      const next = await hashes.next();
      if (next.done === true || next.value.count !== keys.count) throw fault();
      yield { keys, documents: next.value };
      line++;
    }
    // A file is proved only when it was read to its end.
    if ((await hashes.next()).done !== true) throw fault();
  } finally {
    await hashes.return(undefined);
  }
}

/** Yields the blocks of a file, which are full ones and perhaps a last one with fewer lines. */
async function* blocks<B>(
  folder: string,
  entry: PartEntry,
  identities: readonly string[],
  { LINE_BYTES, parse }: { readonly LINE_BYTES: number; readonly parse: (bytes: Buffer, used?: B) => B },
): AsyncGenerator<B> {
  const file = join(folder, entry.file);
  const fullBytes = BLOCK_LINES * LINE_BYTES;
  let block: B | undefined;
  let begun = Buffer.alloc(0);
  for await (const bytes of readPart(file, entry.file, entry, { identities })) {
    const all = begun.length === 0 ? bytes : Buffer.concat([begun, bytes]);
    let from = 0;
    for (; from + fullBytes <= all.length; from += fullBytes) {
      block = parse(all.subarray(from, from + fullBytes), block);
      yield block;
    }
    // The reader may use its block again.
    begun = Buffer.from(all.subarray(from));
  }
  if (begun.length % LINE_BYTES !== 0)
    throw archiveFault("line-unreadable", {
      file,
      line: entry.lineCount,
      reason: reasonOf(new Error(`it ends within a record of ${LINE_BYTES} bytes`)),
    });
  if (begun.length > 0) yield parse(begun, block);
}

async function* parsedLines<L>(
  folder: string,
  entry: PartEntry,
  identities: readonly string[],
  parse: (text: string) => L,
): AsyncGenerator<L> {
  const file = join(folder, entry.file);
  let number = 0;
  for await (const text of smallLines(file, entry, identities)) {
    number++;
    try {
      yield parse(text);
    } catch (error) {
      throw archiveFault("line-unreadable", { file, line: number, reason: reasonOf(error) }, error);
    }
  }
}
