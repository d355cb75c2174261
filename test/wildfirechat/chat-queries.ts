import { Int32, Long, type Binary } from "bson";
import type { Db, Document, Filter } from "mongodb";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { expect } from "vitest";
import { monthTable } from "../../fixtures/src/chat-site/site-calendar.ts";
import { userTable } from "../../fixtures/src/chat-site/user-shards.ts";
import { siteLog, type SiteMessage } from "../../fixtures/src/chat-site/site-log.ts";
import { SeededRandom, type ChatSiteOptions } from "../../fixtures/src/index.ts";

/** What the chat server shows of a message, the same from either database. */
interface ShownMessage {
  readonly id: string;
  readonly from: string;
  readonly type: number;
  readonly line: number;
  readonly contentType: number;
  readonly to: string;
  readonly searchableKey: string | null;
  readonly body: string;
}

/** One entry of a user's timeline. */
interface ShownEntry {
  readonly mid: string;
  readonly seq: string;
  readonly type: number;
  readonly line: number;
  readonly target: string;
  readonly contentType: number;
}

/** A page of a conversation, as one of its people asks for it. */
interface HistoryPage {
  readonly type: number;
  readonly line: number;
  /** Of a private chat the two people, else the group's or room's id. */
  readonly people: readonly [string, string] | undefined;
  readonly target: string;
  readonly asUid: string;
  /** Only older ones. */
  readonly before: bigint;
}

/** The server's own queries. What is `left` out was odd before, and is another matter. */
interface ChatStore {
  messageById(id: bigint): Promise<ShownMessage | undefined>;
  history(page: HistoryPage): Promise<ShownMessage[]>;
  timeline(uid: string): Promise<ShownEntry[]>;
}

export interface LeftOut {
  readonly messages: readonly bigint[];
  /** `_seq` of entries, of whatever type, by uid. */
  readonly entries: ReadonlyMap<string, readonly unknown[]>;
}

const PAGE = 20;
const MONTHS = 24;
const TIMELINE = 1024;
const EPOCH_MS = 1_514_736_000_000n;

function tableOf(id: bigint, zoneHours: number): number {
  return monthTable(Number((id >> 21n) + EPOCH_MS), zoneHours);
}

/** The tables of a page, from the month of the message that it ends before, back over two years. */
function pageTables(before: bigint, zoneHours: number): string[] {
  const first = tableOf(before, zoneHours);
  return Array.from({ length: MONTHS }, (_, month) => `t_messages_${(first - month + 36) % 36}`);
}

function historyPageOf(message: SiteMessage, asUid: string): HistoryPage {
  const { type, line, from, to, id } = message;
  return { type, line, people: type === 0 ? [from, to] : undefined, target: to, asUid, before: id + 1n };
}

export function mysqlStore(
  mysql: Connection,
  zoneHours: number,
  privateForm: "plain" | "pair",
  left: LeftOut,
): ChatStore {
  const columns = "CAST(_mid AS CHAR) AS id, _from, _type, _line, _content_type, _to, _searchable_key, _data";
  const messages = async (sql: string, values: unknown[]): Promise<ShownMessage[]> => {
    const [rows] = await mysql.query<RowDataPacket[]>(sql, values);
    return rows.map((row) => ({
      id: row["id"] as string,
      from: row["_from"] as string,
      type: row["_type"] as number,
      line: row["_line"] as number,
      contentType: row["_content_type"] as number,
      to: (row["_to"] as string | null) ?? "",
      searchableKey: row["_searchable_key"] as string | null,
      body: (row["_data"] as Buffer).toString("base64"),
    }));
  };
  const leftMessages = left.messages.map(String);
  const isKept = leftMessages.length === 0 ? "" : " AND _mid NOT IN (?)";
  const keptValues = leftMessages.length === 0 ? [] : [leftMessages];
  return {
    async messageById(id) {
      const table = `t_messages_${tableOf(id, zoneHours)}`;
      return (await messages(`SELECT ${columns} FROM ${table} WHERE _mid = ?`, [String(id)]))[0];
    },
    async history({ type, line, people, target, asUid, before }) {
      const found: ShownMessage[] = [];
      const isPlain = people !== undefined && privateForm === "plain";
      const conversation = isPlain
        ? "((_from = ? AND _target = ?) OR (_from = ? AND _target = ?))"
        : "_target = ?";
      const names = isPlain
        ? [...people, ...people.toReversed()]
        : [people === undefined ? target : people.toSorted().join("|")];
      for (const table of pageTables(before, zoneHours)) {
        if (found.length >= PAGE) break;
        found.push(
          ...(await messages(
            `SELECT ${columns} FROM ${table} WHERE _type = ? AND ${conversation} AND _line = ? AND _mid < ?
             AND (_to = '' OR _to = ?)${isKept} ORDER BY _mid DESC LIMIT ${PAGE - found.length}`,
            [type, ...names, line, String(before), asUid, ...keptValues],
          )),
        );
      }
      return found;
    },
    async timeline(uid) {
      const isInteger = (seq: unknown): boolean =>
        typeof seq === "bigint" || seq instanceof Long || seq instanceof Int32;
      const without = (left.entries.get(uid) ?? []).filter(isInteger).map(String);
      const [rows] = await mysql.query<RowDataPacket[]>(
        `SELECT CAST(_mid AS CHAR) AS mid, CAST(_seq AS CHAR) AS seq, _type, _line, _target, _cont_type
         FROM t_user_messages_${userTable(uid)} WHERE _uid = ?${without.length === 0 ? "" : " AND _seq NOT IN (?)"}
         ORDER BY _seq DESC LIMIT ${TIMELINE}`,
        [uid, ...(without.length === 0 ? [] : [without])],
      );
      return rows.map((row) => ({
        mid: row["mid"] as string,
        seq: row["seq"] as string,
        type: row["_type"] as number,
        line: row["_line"] as number,
        target: row["_target"] as string,
        contentType: row["_cont_type"] as number,
      }));
    },
  };
}

/** Of old documents what they lack is found as the server finds it: the type in the body, the rest in the message. */
export function mongodbStore(mongodb: Db, zoneHours: number, left: LeftOut): ChatStore {
  const kept = left.messages.map((id) => Long.fromBigInt(id));
  const find = async (collection: string, filter: Filter<Document>, limit: number): Promise<Document[]> =>
    mongodb
      .collection(collection)
      .find(filter, { promoteLongs: false, sort: { _id: -1 }, limit })
      .toArray();
  const byId = async (id: bigint): Promise<Document | undefined> => {
    const collection = `t_messages_${tableOf(id, zoneHours)}`;
    return (await find(collection, { _id: Long.fromBigInt(id) } as Filter<Document>, 1))[0];
  };
  return {
    async messageById(id) {
      const found = await byId(id);
      return found === undefined ? undefined : shownMessage(found);
    },
    async history({ type, line, people, target, asUid, before }) {
      const found: ShownMessage[] = [];
      const filter = {
        _type: type,
        _target: people === undefined ? target : people.toSorted().join("|"),
        _line: line,
        _id: { $lt: Long.fromBigInt(before), $nin: kept },
        _to: { $in: ["", null, asUid] },
      } as unknown as Filter<Document>;
      for (const collection of pageTables(before, zoneHours)) {
        if (found.length >= PAGE) break;
        found.push(...(await find(collection, filter, PAGE - found.length)).map(shownMessage));
      }
      return found;
    },
    async timeline(uid) {
      const without = (left.entries.get(uid) ?? []).map((seq) =>
        typeof seq === "bigint" ? Long.fromBigInt(seq) : (seq ?? null),
      );
      const entries = await mongodb
        .collection(`t_user_messages_${userTable(uid)}`)
        .find(
          { _uid: uid, _seq: { $nin: without } },
          { promoteLongs: false, sort: { _seq: -1 }, limit: TIMELINE },
        )
        .toArray();
      return Promise.all(
        entries.map(async (entry) => shownEntry(entry, () => byId((entry["_mid"] as Long).toBigInt()))),
      );
    },
  };
}

function shownMessage(document: Document): ShownMessage {
  const body = Buffer.from((document["_data"] as Binary).buffer);
  return {
    id: String(document["_id"]),
    from: document["_from"] as string,
    type: Number(document["_type"]),
    line: Number(document["_line"]),
    contentType: Number(document["_content_type"] ?? typeInBody(body)),
    to: (document["_to"] as string | null | undefined) ?? "",
    searchableKey: (document["_searchable_key"] as string | null | undefined) ?? null,
    body: body.toString("base64"),
  };
}

async function shownEntry(
  entry: Document,
  message: () => Promise<Document | undefined>,
): Promise<ShownEntry> {
  const late = ["_type", "_line", "_target", "_cont_type"].some((name) => entry[name] === undefined)
    ? await message()
    : undefined;
  const shown = late === undefined ? undefined : shownMessage(late);
  return {
    mid: String(entry["_mid"]),
    seq: String(entry["_seq"]),
    type: Number(entry["_type"] ?? shown?.type),
    line: Number(entry["_line"] ?? shown?.line),
    target: (entry["_target"] ?? late?.["_target"]) as string,
    contentType: Number(entry["_cont_type"] ?? shown?.contentType),
  };
}

/** Field 1 of a body, plain or encrypted, of one or two bytes. */
function typeInBody(body: Buffer): number {
  const mask = body[0] === 0xb5 ? 0xbd : 0;
  const [low = 0, high = 0] = [body[1], body[2]].map((byte) => (byte ?? 0) ^ mask);
  return low < 128 ? low : low - 128 + high * 128;
}

/** Conversations and users that are asked for; `pnpm soak` asks for a thousand. */
export const QUERY_SAMPLES = Number(process.env["FIREBREAK_QUERY_SAMPLES"] ?? 200);

/** Asks both stores for random messages, the conversations before them and a reader's timeline, less those that are odd. */
export async function sameResults(
  options: ChatSiteOptions,
  before: ChatStore,
  after: ChatStore,
  left: LeftOut,
): Promise<void> {
  const odd = new Set(left.messages);
  const random = new SeededRandom(3, "queries");
  const asked = new Set<number>();
  // Some of them will be odd.
  while (asked.size < QUERY_SAMPLES * 1.2) asked.add(random.integer(0, options.messageCount - 1));
  let askedCount = 0;
  let messageCount = 0;
  let entryCount = 0;
  for (const message of siteLog(options)) {
    if (!asked.has(message.number) || odd.has(message.id) || askedCount === QUERY_SAMPLES) continue;
    askedCount++;
    const asUid = message.receipts.at(-1)?.uid ?? message.from;
    const page = historyPageOf(message, asUid);
    const ask = (store: ChatStore): Promise<[ShownMessage | undefined, ShownMessage[], ShownEntry[]]> =>
      Promise.all([store.messageById(message.id), store.history(page), store.timeline(asUid)]);
    const [shown, found] = await Promise.all([ask(before), ask(after)]);
    expect(found).toEqual(shown);
    const [, history, timeline] = shown;
    messageCount += history.length;
    entryCount += timeline.length;
  }
  expect(askedCount).toBe(QUERY_SAMPLES);
  expect(messageCount).toBeGreaterThan(QUERY_SAMPLES);
  expect(entryCount).toBeGreaterThan(QUERY_SAMPLES);
}
