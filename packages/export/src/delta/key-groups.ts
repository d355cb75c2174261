import { documentOf, survivesObjects, type KeyRange } from "@firebreak/mongodb";
import { DOCUMENT_KEY, keyLineOf, LineFields } from "@firebreak/archive";
import { firstLine, readLine, type ChainReading, type PlacedPart } from "./chain-lines.ts";

/** A range of a collection, and the parts that have what a chain's first link had there. */
export interface KeyGroup {
  readonly range: KeyRange;
  readonly parts: readonly PlacedPart[];
}

/**
 * The ranges that parts in the order of `_id` stand for: each from its first
 * line's `_id` on to the next one's, the first and the last being open. Where
 * an `_id` is no border for the driver, or not behind the border before it, two
 * parts are one range: lines whose order is not known may stand behind all others.
 *
 * @param isAscending whether the server has `min` in front of `max`.
 */
export async function keyGroups(
  parts: readonly PlacedPart[],
  reading: ChainReading,
  isAscending: (range: KeyRange) => Promise<boolean>,
): Promise<KeyGroup[]> {
  const groups: { min: string | undefined; parts: PlacedPart[] }[] = [{ min: undefined, parts: [] }];
  for (const [i, placed] of parts.entries()) {
    const min = i === 0 ? undefined : borderOf(await firstLine(placed, reading));
    const last = groups.at(-1)!;
    const isBorder =
      min !== undefined &&
      (last.min === undefined || (await isAscending({ index: i, order: "_id", min: last.min, max: min })));
    if (isBorder) groups.push({ min, parts: [placed] });
    else last.parts.push(placed);
  }
  return groups.map(({ min, parts: ofGroup }, index) => {
    const max = groups[index + 1]?.min;
    return {
      range: {
        index,
        order: "_id",
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
      },
      parts: ofGroup,
    };
  });
}

/** `{_id: …}` in BSON, in base64; undefined where the driver would change it. */
function borderOf(line: string): string | undefined {
  const keyLine = keyLineOf(readLine(line, new LineFields()), DOCUMENT_KEY);
  if (keyLine === undefined) return undefined;
  const border = documentOf(Buffer.from(keyLine, "latin1").toString("utf8")).toString("base64");
  return survivesObjects(border) ? border : undefined;
}
