import {
  addDigests,
  isSameDigest,
  keyLineOf,
  TableDigest,
  type PlacedPart,
  type PlainDigest,
  type SealedLines,
} from "@firebreak/items";
import { collectAfter, LineFields } from "@firebreak/archive";
import {
  keyBorders,
  rangeSql,
  rowSelect,
  sourceDigest,
  type FoundTable,
  type RowRange,
  type RowReader,
} from "@firebreak/mysql";
import type { ProgressCounters } from "@firebreak/workers";
import { rowLines } from "../../parts/item-lines.ts";
import { ChangeSorter } from "../change-sorter.ts";
import { readLine } from "./chain-lines.ts";
import { BaseLines, type ChangeTaker, type LiveLines } from "./compare-lines.ts";
import { LaterLines, type SharedLines } from "./later-lines.ts";
import { lineTexts } from "./line-texts.ts";
import { LaterPlaces, NewestKey } from "./row-groups.ts";
import { TableLines } from "./table-lines.ts";

/** One range of a table to compare with the parts of a chain, as it goes to a worker thread. */
export interface TableRange {
  readonly found: FoundTable;
  readonly range: RowRange;
  readonly parts: readonly PlacedPart[];
  readonly later: SharedLines;
  readonly identities: readonly string[] | undefined;
  /** The first key line of each range. */
  readonly firsts: readonly (string | undefined)[];
  /** The digest of the later lines that are known to be in the range. */
  readonly digest: PlainDigest;
  /** The greatest key among the later lines, if the key is one ascending number. */
  readonly newest: bigint | undefined;
  /** False if a later line could not be read as cells, so that digests say nothing. */
  readonly isHashed: boolean;
  /** A folder for this task alone, for changes that do not fit in memory. */
  readonly scratch: string;
  readonly runBytes: number;
}

export interface ComparedRange {
  /** True if the server's digest is that of the chain, so that no row was read but new ones. */
  readonly isEqual: boolean;
  readonly changes: SealedLines;
}

/**
 * Returns the changes of a range. The server first computes the digest of the range, which is read only if that
 * differs. If the key is one ascending number, the last range is digested up to the chain's newest key only.
 * If that is unchanged, all rows after it are new.
 *
 * @throws {FirebreakError} of mysql or archive.
 */
export async function compareTableRange(
  reader: RowReader,
  task: TableRange,
  counters: Pick<ProgressCounters, "add">,
): Promise<ComparedRange> {
  const { found, range, parts, identities } = task;
  const kinds = new TableLines(found.table);
  const later = new LaterLines(task.later, kinds, { identities });
  const writer = new ChangeSorter(task.scratch, task.runBytes);
  const taker: ChangeTaker = { writer, isExpired: () => false };
  const live = (of: RowRange): LiveLines => liveLines(reader, found, of, counters);
  try {
    const places = new LaterPlaces(found.table, task.firsts);
    const newest = new NewestKey(keyBorders(found)!, task.newest);
    const digest = new TableDigest();
    /** The numbers of later lines in this range that only the lines they replace could place. */
    const replacing: number[] = [];
    const base = await BaseLines.read(later, parts, (read, keyLine, value) => {
      const unplaced =
        value === undefined && places.groupOf(keyLine) === undefined ? later.find(keyLine) : undefined;
      if (unplaced !== undefined) replacing.push(unplaced.number);
      const holding = value ?? unplaced?.value;
      if (holding !== undefined) digest.add(holding);
      if (range.max === undefined) newest.take(read);
    });
    const end = range.max === undefined ? newest.behind() : range.max;
    const server = await sourceDigest(
      reader.session,
      found,
      end === undefined ? range : { ...range, max: end },
    );
    const isEqual =
      task.isHashed &&
      kinds.isHashed &&
      server.hashedCount === server.rowCount &&
      isSameDigest(server, addDigests(task.digest, digest.toPlain()));
    if (!isEqual) await base.compare(live(range), taker);
    else {
      for (const number of replacing) later.mark(number);
      if (range.max === undefined && end !== undefined)
        await tellNew(live({ index: 0, min: end }), kinds, taker);
    }
    return { isEqual, changes: await writer.seal() };
  } catch (error) {
    await writer.close();
    throw error;
  } finally {
    await later.close();
    collectAfter(parts.map(({ part }) => part));
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
