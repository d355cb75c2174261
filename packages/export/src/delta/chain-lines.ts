import { join } from "node:path";
import {
  archiveFault,
  keyLineOf,
  KeySet,
  LineFields,
  RAW_LINE_START,
  readLines,
  readPart,
  type Fields,
  type PartEntry,
  type ReadLine,
  type ChainNamespace,
  type ChainListing,
} from "@firebreak/archive";

/** A part, and the archive that has it. */
export interface PlacedPart {
  readonly folder: string;
  readonly part: PartEntry;
}

export interface ChainReading {
  readonly identities: readonly string[] | undefined;
}

export function placedParts({ folder, entry }: ChainListing): PlacedPart[] {
  return entry.parts.map((part) => ({ folder, part }));
}

/** The parts that name what is gone. */
export function gonePlacedParts({ folder, entry }: ChainListing): PlacedPart[] {
  return [...(entry.deletes ?? []), ...(entry.expired ?? [])].map((part) => ({ folder, part }));
}

/** Lines of a part, one by one, with what is to be waited for between blocks of them. */
export async function eachLine(
  { folder, part }: PlacedPart,
  { identities }: ChainReading,
  take: (read: ReadLine) => void,
  afterBlock: () => Promise<void> | void = () => undefined,
): Promise<void> {
  await readLines(join(folder, part.file), part, { identities }, take, afterBlock);
}

/**
 * The key line of a line that must have one.
 *
 * @throws {FirebreakError} `line-unreadable`
 */
export function keyLineIn({ part }: PlacedPart, read: ReadLine, keyFields: readonly string[]): string {
  const keyLine = keyLineOf(read, keyFields);
  if (keyLine === undefined)
    throw archiveFault("line-unreadable", {
      file: part.file,
      line: read.number,
      reason: `it lacks the key, ${keyFields.join(", ")}`,
    });
  return keyLine;
}

const NO_FIELDS: Fields = { count: 0, names: [], kinds: [], contents: [], text: () => "" };

/** A line by itself, in byte text; its fields are good until `fields` is used again. */
export function readLine(line: string, fields: LineFields): Pick<ReadLine, "line" | "fields"> {
  if (line.startsWith(RAW_LINE_START)) return { line, fields: NO_FIELDS };
  fields.read(line, 0, line.length);
  return { line, fields };
}

/** The first line of a part, in byte text; the rest of it is not read, and so nothing is proved. */
export async function firstLine({ folder, part }: PlacedPart, { identities }: ChainReading): Promise<string> {
  const blocks: string[] = [];
  for await (const block of readPart(join(folder, part.file), part.file, part, { identities })) {
    const end = block.indexOf(0x0a);
    blocks.push(block.toString("latin1", 0, end < 0 ? block.length : end));
    if (end >= 0) break;
  }
  return blocks.join("");
}

/** All that a chain stands for of one namespace: each key's newest line. */
export async function eachStandingLine(
  { listings }: ChainNamespace,
  reading: ChainReading,
  keyFields: readonly string[],
  take: (read: ReadLine) => void,
): Promise<void> {
  const later = new KeySet();
  for (const [i, listing] of [...listings.entries()].reverse()) {
    for (const placed of placedParts(listing))
      await eachLine(placed, reading, (read) => {
        if (listings.length === 1) return take(read);
        const keyLine = keyLineIn(placed, read, keyFields);
        // Nothing comes after the first link's lines: their keys need not be kept.
        if (i === 0 ? !later.has(keyLine) : later.add(keyLine)) take(read);
      });
    if (i > 0)
      for (const placed of gonePlacedParts(listing))
        await eachLine(placed, reading, (read) => void later.add(read.line));
  }
}
