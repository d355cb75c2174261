import {
  fileInArchive,
  lineBlocks,
  MANIFEST,
  type PartEntry,
  type SourceNamespace,
} from "@firebreak/archive";
import { documentOfLine, idText } from "../sides/found-document.ts";
import type { IsLeftOut } from "../sides/mongodb-side.ts";
import type { FoundDocument } from "../tested-query.ts";
import { Spread } from "./spread.ts";

/** The bytes of a part that are read, unless it is the last one. */
const READ_BYTES = 4 << 20;

/** The size up to which the last part is read to its end, which has the newest documents. */
const LAST_BYTES = 16 << 20;

/** The length from which a line is not drawn: its key is all that a query needs of it. */
const LONG_LINE = 64 << 10;

export interface Drawing {
  readonly archive: string;
  readonly identities: readonly string[] | undefined;
  readonly isLeftOut: IsLeftOut;
}

/**
 * Draws documents of a namespace out of an archive: the first of all, the last that is read, and others in
 * even steps, of the first part, the one in the middle and the last. The same archive gives the same
 * documents. Documents in quarantine are not drawn.
 *
 * @throws {FirebreakError} any error of reading a part.
 */
export async function drawDocuments(
  { archive, identities, isLeftOut }: Drawing,
  { namespace, parts }: Pick<SourceNamespace, "namespace" | "parts">,
  count: number,
): Promise<FoundDocument[]> {
  const drawn: FoundDocument[] = [];
  const chosen = chosenParts(parts);
  for (const part of chosen) {
    const spread = new Spread<string>(Math.ceil(count / chosen.length));
    const isToItsEnd = part === parts.at(-1) && part.plainBytes <= LAST_BYTES;
    const reading = { identities, ...(isToItsEnd ? {} : { onlyBytes: READ_BYTES }) };
    for await (const _ of lineBlocks(fileInArchive(archive, MANIFEST, part.file), part, reading, (read) => {
      if (!read.isRaw && read.line.length < LONG_LINE) spread.add(copied(read.line));
    }));
    drawn.push(...spread.items.map(documentOfLine));
  }
  return drawn.filter((document) => !isLeftOut(namespace, idText(document)));
}

function chosenParts(parts: readonly PartEntry[]): PartEntry[] {
  const places = new Set([0, parts.length >> 1, parts.length - 1]);
  return [...places].flatMap((place) => parts[place] ?? []);
}

/** Copies a line: a slice would keep its whole block in memory. */
function copied(line: string): string {
  return Buffer.from(line, "latin1").toString("latin1");
}
