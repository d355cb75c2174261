import { chooseValues, type ApplicationData } from "@firebreak/query-test";
import { integerOf } from "../documents/field-value.ts";
import { lineValues, userMessageGatherer, type UserMessageDocument } from "../rows/gather.ts";
import { messageTable, messageTableOf, userMessageTable, userShard } from "../target/server-tables.ts";
import type { QueriedSite } from "./queried-site.ts";
import { messageOf, textOf, type IdentifiedMessage } from "./shown-message.ts";

/** The number of documents drawn of each collection. */
const DRAWN_MESSAGES = 40;
const DRAWN_ENTRIES = 40;

/** The number of messages, conversations and users that queries are asked with. */
const CHOSEN = 20;

export interface DrawnMessage extends IdentifiedMessage {
  /** The number of the collection that has it. */
  readonly shard: number;
}

/** A conversation, with a message of it. */
export interface DrawnConversation {
  readonly message: DrawnMessage;
  readonly from: string;
  readonly type: bigint;
  readonly target: string;
  readonly line: bigint;
}

export interface DrawnEntry {
  readonly uid: string;
  readonly mid: bigint;
  readonly seq: bigint;
  readonly document: UserMessageDocument;
}

/** Draws messages out of all months, in the order of their ids. */
export async function drawMessages(data: ApplicationData, site: QueriedSite): Promise<DrawnMessage[]> {
  const drawn: DrawnMessage[] = [];
  for (const shard of site.messageShards)
    for (const found of await data.draw(`${site.database}.${messageTable(shard)}`, DRAWN_MESSAGES)) {
      const message = messageOf(found, site);
      if (message !== undefined) drawn.push({ ...message, shard });
    }
  return drawn.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Chooses messages: the oldest, the newest, and others in between. */
export function chosenMessages(drawn: readonly DrawnMessage[]): DrawnMessage[] {
  return chooseValues(drawn, ({ id }) => String(id), CHOSEN);
}

/**
 * Chooses messages of conversations: of those with the most drawn messages, with the fewest, with the oldest
 * and with the newest. Each conversation is chosen with its oldest and its newest drawn message.
 */
export function chosenConversations(drawn: readonly DrawnMessage[], site: QueriedSite): DrawnConversation[] {
  const all = drawn
    .filter(({ id, shard }) => messageTableOf(id, site.jvmZone) === shard)
    .flatMap((message) => conversationOf(message) ?? []);
  const keyOf = ({ type, target, line }: DrawnConversation): string =>
    JSON.stringify([`${type}`, target, `${line}`]);
  const newest = new Map(all.map((one) => [keyOf(one), one]));
  const oldest = chooseValues(all, keyOf, CHOSEN / 2);
  return [...new Set(oldest.flatMap((one) => [one, newest.get(keyOf(one)) ?? one]))];
}

/** Draws entries of users' timelines. */
export async function drawEntries(data: ApplicationData, site: QueriedSite): Promise<DrawnEntry[]> {
  const gather = userMessageGatherer(site.names);
  const drawn: DrawnEntry[] = [];
  for (const shard of site.userShards)
    for (const found of await data.draw(`${site.database}.${userMessageTable(shard)}`, DRAWN_ENTRIES)) {
      const document = gather(lineValues(found) ?? []);
      const [mid, seq] = [integerOf(document.mid), integerOf(document.seq)];
      const { uid } = document;
      if (mid === undefined || seq === undefined || typeof uid !== "string" || userShard(uid) !== shard)
        continue;
      if (site.horizon === undefined || mid >= site.horizon) drawn.push({ uid, mid, seq, document });
    }
  return drawn;
}

/** Chooses one entry each of users with long timelines, with short ones, and others. */
export function chosenEntries(drawn: readonly DrawnEntry[]): DrawnEntry[] {
  return chooseValues(drawn, ({ uid }) => uid, CHOSEN);
}

function conversationOf(message: DrawnMessage): DrawnConversation | undefined {
  const { from, target } = message.document;
  const [type, line] = [integerOf(message.document.type), integerOf(message.document.line)];
  if (typeof from !== "string" || type === undefined || line === undefined) return undefined;
  const name = textOf(target);
  return name === null ? undefined : { message, from, type, target: name, line };
}
