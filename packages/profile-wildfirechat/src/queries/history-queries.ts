import type { Answer, AnswerRow, QueryCase, TestedQuery } from "@firebreak/query-test";
import { messageTable, messageTableOf, monthsBack } from "../target/server-tables.ts";
import { receiversOf } from "../target/private-target.ts";
import type { DrawnConversation } from "./draw-messages.ts";
import { isMovedMessage, long } from "./message-queries.ts";
import type { QueriedSite } from "./queried-site.ts";
import { documentShown, messageColumnList, messageOf, rowShown, textOf } from "./shown-message.ts";

/** The messages of a page, and the months back that the server looks for them. */
const PAGE = 20;
const MONTHS = 24;

/** The letters of a searched word. */
const WORD = /[\p{L}\p{N}]{2,4}/u;

/** Returns the query for pages of conversations, before a message and back. */
export function historyPages(site: QueriedSite, conversations: readonly DrawnConversation[]): TestedQuery {
  return pages(
    site,
    "history page",
    conversations.map((one) => pageCase(site, one, undefined)),
  );
}

/** Returns the search for a word in conversations. Undefined if the site keeps no text to search. */
export function search(
  site: QueriedSite,
  conversations: readonly DrawnConversation[],
): TestedQuery | undefined {
  if (!site.messageColumns.has("_searchable_key")) return undefined;
  const cases = conversations.flatMap((one) => {
    const word = WORD.exec(textOf(one.message.document.searchableKey) ?? "")?.[0];
    return word === undefined ? [] : [pageCase(site, one, word)];
  });
  return cases.length === 0 ? undefined : pages(site, "search", cases);
}

function pages({ tableName }: QueriedSite, name: string, cases: readonly QueryCase[]): TestedQuery {
  const columns = [
    { name: "_type", sqlType: "tinyint" },
    { name: "_target", sqlType: "varchar(64)" },
    { name: "_line", sqlType: "int" },
    { name: "_mid", sqlType: "bigint" },
  ];
  return {
    name,
    isOrdered: true,
    cases,
    lookup: { table: tableName(messageTable(0)), columns, isGiven: true },
  };
}

/** @param word is searched for. Undefined for all messages. */
function pageCase(site: QueriedSite, conversation: DrawnConversation, word: string | undefined): QueryCase {
  const { type, target, line, message, from } = conversation;
  // The server's user asks, and sees what is meant for all and for himself.
  const asUid = textOf(message.document.to) || from;
  const before = message.id + 1n;
  const asked = { site, conversation, word, asUid, before };
  return {
    parameters: {
      _type: String(type),
      _target: target,
      _line: String(line),
      "_mid below": String(before),
      _to: asUid,
      ...(word === undefined ? {} : { word }),
    },
    mongodb: async (find) => {
      const filter = documentFilter(asked);
      return gathered(site, before, word, async (shard, limit) => {
        const collection = messageTable(shard);
        const sort = { [site.names.messages.id]: -1 } as const;
        const { documents, count } = await find({ database: site.database, collection, filter, sort, limit });
        const messages = documents.flatMap((document) => messageOf(document, site) ?? []);
        // A message in the collection of another month is moved to the table of its own.
        const own = messages.filter(({ id }) => messageTableOf(id, site.jvmZone) === shard);
        return { rows: own.map((one) => documentShown(one, site)), count };
      });
    },
    mysql: async (select) => {
      const { where, values } = rowCondition(asked);
      return gathered(site, before, word, async (shard, limit) => {
        const table = site.tableName(messageTable(shard));
        const sql = `SELECT ${messageColumnList(site)} FROM ${table} WHERE ${where} ORDER BY _mid DESC LIMIT ${limit}`;
        const { rows, count } = await select({ sql, values });
        return { rows: rows.map((row) => rowShown(row, site)), count };
      });
    },
    moved: { identity: ["_mid"], isElsewhere: (row, find) => isMovedMessage(site, row, find) },
  };
}

interface AskedPage {
  readonly site: QueriedSite;
  readonly conversation: DrawnConversation;
  readonly word: string | undefined;
  readonly asUid: string;
  readonly before: bigint;
}

function documentFilter({ site, conversation, word, asUid, before }: AskedPage): object {
  const { messages: names } = site.names;
  const { type, target, line } = conversation;
  return {
    [names.type]: Number(type),
    [names.target]: target,
    [names.line]: Number(line),
    [names.id]: { $lt: long(before), ...(site.horizon === undefined ? {} : { $gte: long(site.horizon) }) },
    [names.to]: { $in: ["", null, asUid] },
    ...(word === undefined ? {} : { [names.searchableKey]: { $regex: word, $options: "i" } }),
  };
}

/** In MySQL a private chat may be named by its receiver alone, once for each direction. */
function rowCondition({ site, conversation, word, asUid, before }: AskedPage): {
  readonly where: string;
  readonly values: (string | bigint)[];
} {
  const { type, target, line, from } = conversation;
  const [receiver] = type === 0n && site.privateForm === "plain" ? receiversOf(target, from) : [];
  const names = receiver === undefined ? [target] : [from, receiver, receiver, from];
  const ofConversation =
    receiver === undefined ? "_target = ?" : "((_from = ? AND _target = ?) OR (_from = ? AND _target = ?))";
  const hasTo = site.messageColumns.has("_to");
  const conditions = [
    `_type = ? AND ${ofConversation} AND _line = ? AND _mid < ?`,
    ...(hasTo ? ["(_to = '' OR _to = ?)"] : []),
    ...(word === undefined ? [] : ["_searchable_key LIKE ?"]),
  ];
  const values = [
    type,
    ...names,
    line,
    before,
    ...(hasTo ? [asUid] : []),
    ...(word === undefined ? [] : [`%${word}%`]),
  ];
  return { where: conditions.join(" AND "), values };
}

/** Reads a page over the tables of the months, back from the newest, until it is full. */
async function gathered(
  { jvmZone }: QueriedSite,
  before: bigint,
  word: string | undefined,
  read: (
    shard: number,
    limit: number,
  ) => Promise<{ readonly rows: readonly AnswerRow[]; readonly count: number }>,
): Promise<Answer> {
  const newest = messageTableOf(before - 1n, jvmZone);
  const found: AnswerRow[] = [];
  let count = 0;
  for (let month = 0; month < MONTHS && count < PAGE; month++) {
    const part = await read(monthsBack(newest, month), PAGE - count);
    found.push(...part.rows);
    count += part.count;
  }
  return { rows: found.filter((row) => hasWord(row, word)), isWhole: count < PAGE };
}

/** A collation may take letters with accents for those without, and MongoDB never does. */
function hasWord(row: AnswerRow, word: string | undefined): boolean {
  if (word === undefined) return true;
  return (row.get("_searchable_key") ?? "").toLowerCase().includes(word.toLowerCase());
}
