import { join } from "node:path";
import {
  archiveFault,
  archiveReason,
  type Fields,
  LineFields,
  RAW_LINE_START,
  type ReadLine,
  readLines,
  readPart,
} from "@firebreak/archive";
import {
  archivedLineReader,
  archivedItems,
  ChainItems,
  keyLineOf,
  type ChainNamespace,
  type ChainListing,
  type PlacedPart,
} from "@firebreak/items";
import type { DeltaTarget } from "../delta-source.ts";

export interface ChainReading {
  readonly identities: readonly string[] | undefined;
}

export interface ChainScratch extends ChainReading {
  /** A folder for keys that do not fit in memory: made when needed, removed at the end. */
  readonly scratch: string;
}

/** Gives a namespace a scratch folder of its own: for its changes, or for the keys of its chain. */
export function scratchOf(
  { identities, scratch }: ChainScratch,
  index: number,
  of: "changes" | "keys",
): ChainScratch {
  return { identities, scratch: join(scratch, `${index}-${of}`) };
}

/** Returns the number of threads that a comparison is worth: no namespace has more ranges than parts. */
export function threadsFor({ known, jobs }: Pick<DeltaTarget, "known" | "jobs">): number {
  const ranges = [...known.values()].map(({ listings }) => listings[0]!.entry.parts.length);
  return Math.max(1, Math.min(jobs, Math.max(0, ...ranges)));
}

export function placedParts({ folder, entry }: ChainListing): PlacedPart[] {
  return entry.parts.map((part) => ({ folder, part }));
}

/** Passes on the lines of a part one by one, and waits for `afterBlock` between blocks of them. */
export async function eachLine(
  { folder, part }: PlacedPart,
  { identities }: ChainReading,
  take: (read: ReadLine) => void,
  afterBlock: () => Promise<void> | void = () => undefined,
): Promise<void> {
  await readLines(join(folder, part.file), part, { identities }, take, afterBlock);
}

/**
 * Returns the key line of a line that must have a key.
 *
 * @throws {FirebreakError} `line-unreadable`
 */
export function keyLineIn({ part }: PlacedPart, read: ReadLine, keyFields: readonly string[]): string {
  const keyLine = keyLineOf(read, keyFields);
  if (keyLine === undefined)
    throw archiveFault("line-unreadable", {
      file: part.file,
      line: read.number,
      reason: archiveReason("key-fields-missing", { fields: keyFields }),
    });
  return keyLine;
}

const NO_FIELDS: Fields = { count: 0, names: [], kinds: [], contents: [], text: () => "" };

/** Reads a single line in byte text. Its fields are valid until `fields` is used again. */
export function readLine(line: string, fields: LineFields): Pick<ReadLine, "line" | "fields"> {
  if (line.startsWith(RAW_LINE_START)) return { line, fields: NO_FIELDS };
  fields.read(line, 0, line.length);
  return { line, fields };
}

/** Returns the first line of a part in byte text. The rest is not read, so no checksum proves the part. */
export async function firstLine({ folder, part }: PlacedPart, { identities }: ChainReading): Promise<string> {
  const blocks: string[] = [];
  for await (const block of readPart(join(folder, part.file), part.file, part, { identities })) {
    const end = block.indexOf(0x0a);
    blocks.push(block.toString("latin1", 0, end < 0 ? block.length : end));
    if (end >= 0) break;
  }
  return blocks.join("");
}

/** Passes on the current lines of one namespace in a chain: the newest line of each key. */
export async function eachStandingLine(
  { listings }: ChainNamespace,
  { identities, scratch }: ChainScratch,
  keyFields: readonly string[],
  take: (read: ReadLine) => void,
): Promise<void> {
  const reader = archivedLineReader({ identities, keyFields });
  const chain = new ChainItems(
    listings.map((listing) => archivedItems(reader, listing)),
    scratch,
  );
  try {
    const keys = await chain.keys();
    for (const [number, listing] of listings.entries())
      for (const placed of placedParts(listing))
        await eachLine(placed, { identities }, (read) => {
          if (keys.isEmpty || !keys.isSuperseded(keyLineIn(placed, read, keyFields), number)) take(read);
        });
  } finally {
    await chain.close();
  }
}
