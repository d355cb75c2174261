import { expect } from "vitest";
import { siteLog, type SiteMessage } from "../../fixtures/src/chat-site/site-log.ts";
import { SeededRandom, type ChatSiteOptions } from "../../fixtures/src/index.ts";
import type { ChatStore, HistoryPage, LeftOut, ShownEntry, ShownMessage } from "./chat-store.ts";

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

function historyPageOf(message: SiteMessage, asUid: string): HistoryPage {
  const { type, line, from, to, id } = message;
  return { type, line, people: type === 0 ? [from, to] : undefined, target: to, asUid, before: id + 1n };
}
