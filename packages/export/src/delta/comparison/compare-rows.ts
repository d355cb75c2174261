import { isSameDigest, keyLineOf, TableDigest, type ChainNamespace } from "@firebreak/items";
import { LineFields } from "@firebreak/archive";
import {
  hasRows,
  rangeSql,
  rowSelect,
  sourceDigest,
  type FoundTable,
  type KeyBorders,
  type RowRange,
  type RowReader,
} from "@firebreak/mysql";
import type { ProgressCounters } from "@firebreak/workers";
import { rowLines } from "../../parts/item-lines.ts";
import { placedParts, readLine, type ChainScratch } from "./chain-lines.ts";
import { ChainSide } from "./chain-side.ts";
import { BaseLines, tellLaterGone, type ChangeTaker, type LiveLines } from "./compare-lines.ts";
import { LaterPlaces } from "./later-places.ts";
import { lineTexts } from "./line-texts.ts";
import { NewestKey } from "./newest-key.ts";
import { rowGroups } from "./row-groups.ts";
import { TableLines } from "./table-lines.ts";

/** A table that is compared by its key. */
export interface KeyedTable {
  readonly found: FoundTable;
  readonly borders: KeyBorders;
  readonly known: ChainNamespace;
}

/**
 * Reports every difference between a table and the chain's state of it. The server first computes the digest
 * of each range, and only ranges that differ are read. If the key is one ascending number, the last range is
 * digested up to the chain's newest key only. If that is unchanged, all rows after it are new.
 *
 * @throws {FirebreakError} of mysql or archive.
 */
export async function compareRows(
  reader: RowReader,
  { found, borders, known }: KeyedTable,
  scratch: ChainScratch,
  taker: ChangeTaker,
  counters: Pick<ProgressCounters, "add">,
): Promise<void> {
  const kinds = new TableLines(found.table);
  const groups = await rowGroups(placedParts(known.listings[0]!), found.table, borders, scratch, (range) =>
    hasRows(reader.session, found, range),
  );
  const places = new LaterPlaces(found.table, groups);
  const newest = new NewestKey(borders);
  const digests = groups.map(() => new TableDigest());
  const fields = new LineFields();
  const side = await ChainSide.open(known, scratch, kinds, ({ key, value }) => {
    const group = places.groupOf(key);
    if (group !== undefined) digests[group]!.add(value);
    newest.take(readLine(key, fields));
  });
  const live = (range: RowRange): LiveLines => liveLines(reader, found, range, counters);
  try {
    const equal = new Set<number>();
    for (const { range, parts } of groups) {
      const digest = digests[range.index]!;
      /** The numbers of later lines in this range that only the lines they replace could place. */
      const replacing: number[] = [];
      const base = await BaseLines.read(side, parts, (read, keyLine, value) => {
        const later = value === undefined && places.groupOf(keyLine) === undefined && side.later(keyLine);
        if (later) replacing.push(later.number);
        const holding = value ?? (later ? later.value : undefined);
        if (holding !== undefined) digest.add(holding);
        if (range.max === undefined) newest.take(read);
      });
      const end = range.max === undefined ? newest.behind() : range.max;
      const ended = end === undefined ? range : { ...range, max: end };
      const server = await sourceDigest(reader.session, found, ended);
      const isSame =
        kinds.isHashed && server.hashedCount === server.rowCount && isSameDigest(server, digest.toPlain());
      if (!isSame) {
        await base.compare(live(range), taker);
        continue;
      }
      equal.add(range.index);
      for (const number of replacing) side.see(number);
      if (range.max === undefined && end !== undefined)
        await tellNew(live({ index: 0, min: end }), kinds, taker);
    }
    await tellLaterGone(side, taker, (keyLine) => equal.has(places.groupOf(keyLine) ?? -1));
  } finally {
    await side.close();
  }
}

async function tellNew(live: LiveLines, { keyFields }: TableLines, { writer }: ChangeTaker): Promise<void> {
  const fields = new LineFields();
  for await (const lines of live)
    for (const line of lines) await writer.upsert(keyLineOf(readLine(line, fields), keyFields)!, line);
}

/** Yields the lines of a range of a table, as an export writes them. */
export async function* liveLines(
  reader: RowReader,
  found: FoundTable,
  range: RowRange,
  counters: Pick<ProgressCounters, "add">,
): AsyncGenerator<readonly string[]> {
  const select = rowSelect(found.table.columns);
  const rows = async function* () {
    for await (const batch of reader.read(rangeSql(found, range), select)) {
      counters.add(batch.rows.length, batch.bytes);
      yield batch.rows;
    }
  };
  yield* lineTexts(rows(), rowLines(select.columns));
}
