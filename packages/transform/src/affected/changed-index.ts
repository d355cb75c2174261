import { INDEX_FOLDER, LazyPart, type LineIndex, type PartEntry } from "@firebreak/archive";
import { ageSuffix, type Keys } from "../keys.ts";
import type { LineMarks } from "../line-index/line-marks.ts";
import { MARK } from "./marked-part.ts";

/** The most line numbers in one entry, so that an entry stays short. */
const MOST_LINES = 10_000;

/** A part of a link, with the lines marked that a later link supersedes. */
export interface SupersededPart {
  readonly link: number;
  readonly file: string;
  readonly marks: LineMarks;
}

/**
 * Writes the list of superseded lines. Returns undefined if there are none.
 *
 * @param number a number for the file's name.
 */
export async function writeSuperseded(
  folder: string,
  number: number,
  marked: readonly SupersededPart[],
  keys: Pick<Keys, "recipients">,
): Promise<PartEntry | undefined> {
  const { recipients } = keys;
  const file = `${INDEX_FOLDER}/${number}-superseded.ndjson.zst${ageSuffix(keys)}`;
  const part = new LazyPart({ folder, file, recipients }, 0);
  try {
    for (const { link, file: of, marks } of marked) {
      const lines = marks.lines(MARK.gone);
      for (let from = 0; from < lines.length; from += MOST_LINES) {
        const entry = { link, part: of, lines: lines.slice(from, from + MOST_LINES) };
        await part.write(Buffer.from(`${JSON.stringify(entry)}\n`), 1);
      }
    }
    return await part.seal();
  } catch (error) {
    await part.abandon();
    throw error;
  }
}

/**
 * Returns the index that the next delta needs of this one.
 *
 * @param made that of the earlier links, if they had none.
 */
export function indexAfter(
  made: LineIndex | undefined,
  own: LineIndex,
  superseded: PartEntry | undefined,
): LineIndex {
  return {
    from: made?.from ?? own.from,
    parts: [...(made?.parts ?? []), ...own.parts],
    superseded: [...(made?.superseded ?? []), ...(superseded === undefined ? [] : [superseded])],
    surveys: own.surveys,
  };
}
