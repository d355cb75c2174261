import type {
  AnswerRow,
  AskMongodb,
  FoundDocument,
  FoundRow,
  QueryCase,
  TestedQuery,
} from "@firebreak/query-test";
import { integerOf } from "../documents/field-value.ts";
import { lineValues, userMessageGatherer } from "../rows/gather.ts";
import { userMessageTable, userShard } from "../target/server-tables.ts";
import type { DrawnEntry } from "./draw-messages.ts";
import { long } from "./message-queries.ts";
import type { QueriedSite } from "./queried-site.ts";
import { textOf } from "./shown-message.ts";
import { columnTime, documentTime } from "./shown-time.ts";

/** The entries of a timeline that the server reads at once. */
const TIMELINE = 1024;

const SHOWN = ["_mid", "_seq", "_dt", "_type", "_line", "_target", "_directing", "_cont_type"] as const;

/** Returns the query for users' timelines, from the beginning and from a sequence number on. */
export function timelines(site: QueriedSite, entries: readonly DrawnEntry[]): TestedQuery {
  const cases = entries.flatMap((entry) => [
    timelineCase(site, entry, 0n),
    timelineCase(site, entry, entry.seq),
  ]);
  return {
    name: "timeline from a sequence on",
    isOrdered: true,
    isPartial: true,
    cases,
    lookup: lookupOf(site, ["_uid", "_seq"]),
  };
}

/** Returns the query for the entries of a conversation that a user has not seen, those after a message. */
export function unread(site: QueriedSite, entries: readonly DrawnEntry[]): TestedQuery | undefined {
  const hasColumns = ["_type", "_line", "_target"].every((name) => site.userColumns.has(name));
  const cases = entries.flatMap((entry) => unreadCase(site, entry) ?? []);
  if (!hasColumns || cases.length === 0) return undefined;
  return {
    name: "unread messages",
    isOrdered: false,
    cases,
    lookup: lookupOf(site, ["_uid", "_type", "_target", "_line", "_mid"]),
  };
}

function timelineCase(site: QueriedSite, { uid }: DrawnEntry, above: bigint): QueryCase {
  const { database, names, tableName, userColumns } = site;
  const collection = userMessageTable(userShard(uid));
  const columns = SHOWN.filter((name) => userColumns.has(name)).join(", ");
  return {
    parameters: { _uid: uid, "_seq above": String(above) },
    mongodb: async (find) => {
      const { uid: uidName, seq } = names.userMessages;
      const filter = { [uidName]: uid, [seq]: { $gt: long(above) } };
      const { documents, count } = await find({
        database,
        collection,
        filter,
        sort: { [seq]: -1 },
        limit: TIMELINE,
      });
      const rows = documents.flatMap((document) => entryOf(document, site) ?? []);
      return { rows: rows.toSorted(bySequence), isWhole: count < TIMELINE };
    },
    mysql: async (select) => {
      const sql = `SELECT ${columns} FROM ${tableName(collection)} WHERE _uid = ? AND _seq > ? ORDER BY _seq DESC LIMIT ${TIMELINE}`;
      const { rows, count } = await select({ sql, values: [uid, above] });
      return {
        rows: rows.map((row) => rowEntry(row, site)).toSorted(bySequence),
        isWhole: count < TIMELINE,
      };
    },
    moved: { identity: ["_seq", "_mid"], isElsewhere: (row, find) => isMovedEntry(site, uid, row, find) },
  };
}

/** Entries that old servers wrote lack the conversation: those cannot be asked for in MongoDB. */
function unreadCase(site: QueriedSite, { uid, mid, document }: DrawnEntry): QueryCase | undefined {
  const { database, names, tableName } = site;
  const [type, line] = [integerOf(document.type), integerOf(document.line)];
  const { target } = document;
  if (type === undefined || line === undefined || typeof target !== "string") return undefined;
  const collection = userMessageTable(userShard(uid));
  const above = mid - 1n;
  return {
    parameters: {
      _uid: uid,
      _type: String(type),
      _target: target,
      _line: String(line),
      "_mid above": String(above),
    },
    mongodb: async (find) => {
      const fields = names.userMessages;
      const filter = {
        [fields.uid]: uid,
        [fields.type]: Number(type),
        [fields.target]: target,
        [fields.line]: Number(line),
        [fields.mid]: { $gt: long(above) },
      };
      const { documents } = await find({ database, collection, filter });
      const rows = documents.flatMap((one) => entryOf(one, site) ?? []);
      return { rows: rows.map(onlySequence), isWhole: true };
    },
    mysql: async (select) => {
      const sql = `SELECT _seq, _mid FROM ${tableName(collection)} WHERE _uid = ? AND _type = ? AND _target = ? AND _line = ? AND _mid > ?`;
      const { rows } = await select({ sql, values: [uid, type, target, line, above] });
      return { rows: rows.map((row) => onlySequence(rowEntry(row, site))), isWhole: true };
    },
    moved: { identity: ["_seq", "_mid"], isElsewhere: (row, find) => isMovedEntry(site, uid, row, find) },
  };
}

/** Returns an entry with the fields that its document has. Undefined if it was not carried over. */
function entryOf(found: FoundDocument, { names, horizon, userColumns }: QueriedSite): AnswerRow | undefined {
  const document = userMessageGatherer(names)(lineValues(found) ?? []);
  const mid = integerOf(document.mid);
  if (mid === undefined || (horizon !== undefined && mid < horizon)) return undefined;
  const shown: Readonly<Record<(typeof SHOWN)[number], string | null>> = {
    _mid: String(mid),
    _seq: textOf(document.seq),
    _dt: documentTime(document.createTime, mid),
    _type: textOf(document.type),
    _line: textOf(document.line),
    _target: textOf(document.target),
    _directing:
      typeof document.directing === "boolean"
        ? String(Number(document.directing))
        : textOf(document.directing),
    _cont_type: textOf(document.contentType),
  };
  return new Map(Object.entries(shown).filter(([name, value]) => value !== null && userColumns.has(name)));
}

function rowEntry(row: FoundRow, { sessionZone }: QueriedSite): AnswerRow {
  const mid = BigInt(row.get("_mid")?.toString() ?? 0);
  return new Map(
    [...row].map(([name, bytes]) => {
      const text = bytes?.toString("utf8") ?? null;
      return [name, name === "_dt" && text !== null ? columnTime(text, mid, sessionZone) : text];
    }),
  );
}

function onlySequence(row: AnswerRow): AnswerRow {
  return new Map([...row].filter(([name]) => name === "_seq" || name === "_mid"));
}

/** Sorts the newest first; entries of one sequence number by their message. */
function bySequence(one: AnswerRow, other: AnswerRow): number {
  for (const name of ["_seq", "_mid"]) {
    const [a, b] = [BigInt(one.get(name) ?? 0), BigInt(other.get(name) ?? 0)];
    if (a !== b) return a < b ? 1 : -1;
  }
  return 0;
}

/** Returns true if the hybrid has a user's entry in another collection than that of the user. */
async function isMovedEntry(
  site: QueriedSite,
  uid: string,
  row: AnswerRow,
  find: AskMongodb,
): Promise<boolean> {
  const { database, names, userShards } = site;
  const { uid: uidName, seq } = names.userMessages;
  const filter = { [uidName]: uid, [seq]: long(BigInt(row.get("_seq") ?? 0)) };
  for (const shard of userShards) {
    if (shard === userShard(uid)) continue;
    if ((await find({ database, collection: userMessageTable(shard), filter, limit: 1 })).count > 0)
      return true;
  }
  return false;
}

function lookupOf({ tableName }: QueriedSite, names: readonly string[]): TestedQuery["lookup"] {
  const columns = names.map((name) => ({
    name,
    sqlType: /_uid|_target/.test(name) ? "varchar(64)" : "bigint",
  }));
  return { table: tableName(userMessageTable(0)), columns, isGiven: true };
}
