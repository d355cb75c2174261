import type { IndexCost, PlanFinding, PlanRecord, SlowQuery, TableUse } from "@firebreak/plan";
import { foldShards, starredName, sumsOf } from "../../screen/fold-shards.ts";
import { textTable, wrapped } from "../../screen/text-table.ts";
import { bytes, duration, number } from "./amounts.ts";

/** The number of tables, indexes and queries to show. The file and `--json` have all. */
const SHOWN = 10;
/** The characters of a query to show. */
const QUERY_LENGTH = 100;

/** Returns the lines about connections, the use of the target's tables, and queries. */
export function useLines({ connections, tableUse, slowQueries }: PlanRecord): string[] {
  const used = tableUse.filter(({ reads, writes }) => reads + writes > 0).map(tableUseCells);
  return [
    ...connections.map(
      ({ server, now, mostUsed, limit }) =>
        `${server}: ${number(now)} of ${number(limit)} connections${mostUsed === undefined ? "" : `, ${number(mostUsed)} at most`}`,
    ),
    ...shown(["used at the target", "index", "reads", "writes", "takes"], used, [
      true,
      true,
      false,
      false,
      false,
    ]),
    ...shown(["queries that take the most time", "runs", "take"], slowQueries.map(queryCells), [
      true,
      false,
      false,
    ]),
  ];
}

function tableUseCells({ database, table, index, reads, writes, ms }: TableUse): string[] {
  return [`${database}.${table}`, index ?? "(none)", number(reads), number(writes), duration(ms)];
}

function queryCells({ server, text, runs, ms }: SlowQuery): string[] {
  const short = text.length > QUERY_LENGTH ? `${text.slice(0, QUERY_LENGTH)}…` : text;
  return [`${server}: ${short}`, number(runs), duration(ms)];
}

/** Returns a table below an empty line, or nothing if it has no rows. */
function shown(head: readonly string[], rows: readonly string[][], isText: readonly boolean[]): string[] {
  const more = rows.length - SHOWN;
  return rows.length === 0
    ? []
    : [
        "",
        textTable([head, ...rows.slice(0, SHOWN)], isText),
        ...(more > 0 ? [`… and ${number(more)} more`] : []),
      ];
}

/** Returns the lines about an archive that exists already. */
export function archiveLines({ archive }: PlanRecord): string[] {
  if (archive === undefined) return [];
  const { folder, at, documents, server, delta, unfit, missing = [] } = archive;
  const is = `${folder} has an archive of ${at}${server === undefined ? "" : `, of ${server}`}, with ${number(documents)} documents.`;
  const isFor =
    delta !== undefined
      ? DELTAS[delta]
      : unfit === "namespaces"
        ? `It serves no delta of this move, because it lacks ${missing.join(", ")}.`
        : unfit === "delta"
          ? "It is itself a delta: give the folder of its full archive."
          : "It is not of a MongoDB server, so it serves no delta of this move.";
  return [wrapped(`${is} ${isFor}`), ""];
}

const DELTAS = {
  "change-stream":
    "The oplog reaches back that far, so a delta onto it by change stream is possible: the time of the export below is that of this delta.",
  comparison:
    "The oplog does not reach back that far, or there is none: a delta onto it has to compare everything, and takes as long as an export.",
  unknown: "How far the oplog reaches back was not seen: a delta onto it may have to compare everything.",
} as const;

/** Returns the lines about the indexes of new tables. */
export function indexCostLines({ newIndexes }: PlanRecord): string[] {
  const folded = foldShards(newIndexes, {
    nameOf: ({ table }) => table,
    stateOf: ({ index, isMeasured, source }) => JSON.stringify([index, isMeasured, source?.uses === 0]),
    together: (shards) => ({
      ...shards[0]!,
      table: starredName(shards[0]!.table, shards.length),
      ...sumsOf(shards, ["bytes", "ms"]),
    }),
  });
  const rows = folded.toSorted((a, b) => b.bytes - a.bytes).map(indexCells);
  const head = ["index of a new table", "columns", "size", "", "built in", "use at the source"];
  const lines = shown(head, rows, [true, true, false, true, false, true]);
  return lines.length === 0 ? [] : [...lines.slice(1), ""];
}

function indexCells({ table, index, columns, bytes: size, isMeasured, ms, source }: IndexCost): string[] {
  return [
    `${table}.${index}`,
    columns.join(", "),
    bytes(size),
    isMeasured ? "measured" : "estimated",
    ms === undefined ? "" : duration(ms),
    source === undefined
      ? "not seen"
      : source.uses === 0
        ? `not used since ${source.since.slice(0, 10)}`
        : `${number(source.uses)} times since ${source.since.slice(0, 10)}`,
  ];
}

/** Returns the sentence about partitions and several databases. */
export function adviceLines({ growth }: PlanRecord): string[] {
  const { bytesPerDay, tableBytes, poolBytes, partsAboveBytesPerDay } = growth;
  const grows =
    bytesPerDay === undefined
      ? "Neither a profile nor ObjectIds tell how much is new each day."
      : `These grow by ${bytes(bytesPerDay)} a day.`;
  return [
    wrapped(
      `growth: the tables will have ${bytes(tableBytes)}. ${grows} As a rule of thumb, partitions by time or several databases begin to make sense above ${bytes(partsAboveBytesPerDay)} a day, when the rows of 30 days no longer fit into the buffer pool of ${bytes(poolBytes)}.`,
    ),
  ];
}

/** Returns the text of the finding about character sets and collations. */
export function textEncodingText(fields: Extract<PlanFinding, { code: "text-encoding" }>["fields"]): string {
  const { database, characterSet, collation, declared, tables, isGiven } = fields;
  const is = `database ${database} of the target has the character set ${characterSet} and the collation ${collation}.`;
  const narrow =
    tables.length === 0
      ? ""
      : ` Text of these tables cannot have every character: ${tables.slice(0, SHOWN).join(", ")}${tables.length > SHOWN ? ` and ${number(tables.length - SHOWN)} more` : ""}. ALTER TABLE … CONVERT TO CHARACTER SET utf8mb4 mends one; look at its indexes first, since it writes the table anew.`;
  if (isGiven)
    return `${is}${narrow}${characterSet === declared.characterSet ? "" : " Columns that the application adds later get it, too. ALTER DATABASE … CHARACTER SET utf8mb4 changes that."}`;
  return `${is} The tables that transform makes say ${declared.characterSet} and ${declared.collation} themselves, which compares text byte by byte, as MongoDB does. Tables that the application makes get the database's: to compare the same, ALTER DATABASE \`${database}\` CHARACTER SET ${declared.characterSet} COLLATE ${declared.collation}.${narrow}`;
}
