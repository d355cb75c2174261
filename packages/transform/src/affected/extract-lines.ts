import { entriesOf, LazyPart, readPart, type PartEntry } from "@firebreak/archive";
import { ageSuffix } from "../keys.ts";
import type { Progress, SourcePart } from "../lines/source-part.ts";
import type { ScratchKind } from "../lines/write-part.ts";
import { MARK } from "./marked-part.ts";

const NEWLINE = 0x0a;

/** The task to take marked lines out of a part. */
export interface ExtractTask extends SourcePart {
  /** The mark of each line, or 0. */
  readonly marks: Uint8Array;
  /** The folder to write, and the name of its files without their ends. */
  readonly folder: string;
  readonly name: string;
  readonly scratch: ScratchKind;
}

/** A part of its lines for each mark that occurs. */
export type ExtractedLines = Partial<Record<keyof typeof MARK, PartEntry>>;

/**
 * Copies the marked lines of a part into parts of their own, without looking into them. Memory does not
 * depend on the length of a line.
 */
export async function extractLines(
  { sourceFile, part, keys, marks, folder, name, scratch }: ExtractTask,
  progress: Pick<Progress, "add">,
): Promise<ExtractedLines> {
  const { identities, recipients } = keys;
  const suffix = `.ndjson.zst${ageSuffix(keys)}`;
  const parts = entriesOf(MARK).map(([mark, number]) => {
    const place = { folder, file: `${name}-${mark}${suffix}`, recipients, ...scratch };
    return { mark, number, lines: new LazyPart(place, 0) };
  });
  try {
    let at = 0;
    for await (const block of readPart(sourceFile, part.file, part, { identities })) {
      const before = at;
      for (let from = 0; from < block.length;) {
        const end = block.indexOf(NEWLINE, from);
        const to = end < 0 ? block.length : end + 1;
        const mark = marks[at];
        if (mark !== 0) {
          const wanted = parts.find(({ number }) => number === mark);
          await wanted?.lines.write(block.subarray(from, to), end < 0 ? 0 : 1);
        }
        if (end >= 0) at++;
        from = to;
      }
      progress.add(at - before, block.length);
    }
    const extracted: ExtractedLines = {};
    for (const { mark, lines } of parts) {
      const sealed = await lines.seal();
      if (sealed !== undefined) extracted[mark] = sealed;
    }
    return extracted;
  } catch (error) {
    for (const { lines } of parts) await lines.abandon();
    throw error;
  }
}
