import { join } from "node:path";
import { TableDigest, type ChainNamespace } from "@firebreak/items";
import { eachPart, LineFields } from "@firebreak/archive";
import { hasRows, type FoundTable, type KeyBorders } from "@firebreak/mysql";
import { RUN_BYTES } from "../change-sorter.ts";
import type { ChangeWriter } from "../change-writer.ts";
import { placedParts, readLine, type ChainScratch } from "./chain-lines.ts";
import { ChainSide } from "./chain-side.ts";
import { tellLaterGone } from "./compare-lines.ts";
import type { Moment } from "./open-moment.ts";
import { LaterPlaces, NewestKey, rowGroups } from "./row-groups.ts";
import { TableLines } from "./table-lines.ts";

/** A table that is compared by its key. */
export interface KeyedTable {
  readonly found: FoundTable;
  readonly borders: KeyBorders;
  readonly known: ChainNamespace;
}

/** The folders of a comparison, and the number of ranges that are compared at once. */
interface Places {
  readonly keys: ChainScratch;
  readonly changes: ChainScratch;
  readonly jobs: number;
}

/**
 * Reports every difference between a table and the chain's state of it, range by range.
 *
 * @throws {FirebreakError} of mysql or archive.
 */
export async function compareRows(
  { pool, planner }: Pick<Moment, "pool" | "planner">,
  { found, borders, known }: KeyedTable,
  { keys, changes, jobs }: Places,
  writer: ChangeWriter,
): Promise<void> {
  const kinds = new TableLines(found.table);
  const groups = await rowGroups(placedParts(known.listings[0]!), found.table, borders, keys, (range) =>
    hasRows(planner, found, range),
  );
  const firsts = groups.map(({ first }) => first);
  const places = new LaterPlaces(found.table, firsts);
  const newest = new NewestKey(borders);
  const digests = groups.map(() => new TableDigest());
  const fields = new LineFields();
  const side = await ChainSide.open(known, keys, kinds, ({ key, value }) => {
    const group = places.groupOf(key);
    if (group !== undefined) digests[group]!.add(value);
    newest.take(readLine(key, fields));
  });
  try {
    const equal = new Set<number>();
    const compared = eachPart(groups, jobs, async ({ range, parts }) => {
      const { isEqual, changes: ofRange } = await pool.run("range", {
        found,
        range,
        parts,
        later: side.shared,
        identities: keys.identities,
        firsts,
        digest: digests[range.index]!.toPlain(),
        newest: newest.key,
        isHashed: kinds.isHashed,
        scratch: join(changes.scratch, String(range.index)),
        runBytes: Math.ceil(RUN_BYTES / jobs),
      });
      if (isEqual) equal.add(range.index);
      return ofRange;
    });
    for await (const outcome of compared) if (outcome.kind === "done") await writer.adopt(outcome.result);
    const taker = { writer, isExpired: () => false };
    await tellLaterGone(side, taker, (keyLine) => equal.has(places.groupOf(keyLine) ?? -1));
  } finally {
    await side.close();
  }
}
