import { documentOf, type KeyRange } from "@firebreak/mongodb";
import { canBeBorder, DOCUMENT_KEY, keyLineOf, type PlacedPart } from "@firebreak/items";
import { LineFields } from "@firebreak/archive";
import { firstLine, readLine, type ChainReading } from "./chain-lines.ts";

/** A range of a collection, and the parts of a chain's first link that cover it. */
export interface KeyGroup {
  readonly range: KeyRange;
  readonly parts: readonly PlacedPart[];
}

/**
 * Returns the ranges that parts in the order of `_id` cover. Each begins at the `_id` of its first line and
 * ends where the next one begins; the first and the last are open. Two parts form one range if the driver
 * would change the `_id` between them, or if that `_id` does not sort after the border before it: lines whose
 * order is unknown may come after all others.
 *
 * @param isAscending returns true if the server sorts `min` before `max`.
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

/** Returns `{_id: …}` in BSON, in base64; undefined if the driver would change it. */
function borderOf(line: string): string | undefined {
  const keyLine = keyLineOf(readLine(line, new LineFields()), DOCUMENT_KEY);
  if (keyLine === undefined) return undefined;
  const border = documentOf(Buffer.from(keyLine, "latin1").toString("utf8"));
  return canBeBorder(border) ? border.toString("base64") : undefined;
}
