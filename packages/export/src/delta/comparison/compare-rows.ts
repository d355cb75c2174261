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
import { placedParts, readLine, type ChainReading } from "./chain-lines.ts";
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
  reading: ChainReading,
  taker: ChangeTaker,
  counters: Pick<ProgressCounters, "add">,
): Promise<void> {
  const kinds = new TableLines(found.table);
  const groups = await rowGroups(placedParts(known.listings[0]!), found.table, borders, reading, (range) =>
    hasRows(reader.session, found, range),
  );
  const places = new LaterPlaces(found.table, groups);
  const newest = new NewestKey(borders);
  const side = await ChainSide.open(known, reading, kinds, (read, keyLine, entry) => {
    places.place(keyLine, entry);
    newest.take(read);
  });
  for (const group of groups) {
    const inGroup = places.entriesIn(group.range.index);
    const digest = new TableDigest();
    const base = await BaseLines.read(side, group.parts, (read, value, entry) => {
      if (entry >= 0) inGroup.add(entry);
      else digest.add(value);
      if (group.range.max === undefined) newest.take(read);
    });
    for (const entry of inGroup) if (!side.later.isGone(entry)) digest.add(side.later.value(entry));
    const end = group.range.max === undefined ? newest.behind() : group.range.max;
    const server = await sourceDigest(
      reader.session,
      found,
      end === undefined ? group.range : { ...group.range, max: end },
    );
    const isSame =
      kinds.isHashed && server.hashedCount === server.rowCount && isSameDigest(server, digest.toPlain());
    if (!isSame) await base.compare(liveLines(reader, found, group.range, counters), taker);
    else {
      for (const entry of inGroup) side.later.see(entry);
      if (group.range.max === undefined && end !== undefined)
        await tellNew(liveLines(reader, found, { index: 0, min: end }, counters), kinds, taker);
    }
  }
  await tellLaterGone(side, taker);
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
