import { monthTable } from "../../fixtures/src/chat-site/site-calendar.ts";

/** A message as the chat server shows it, the same from either database. */
export interface ShownMessage {
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
export interface ShownEntry {
  readonly mid: string;
  readonly seq: string;
  readonly type: number;
  readonly line: number;
  readonly target: string;
  readonly contentType: number;
}

/** A page of a conversation, as one of its people asks for it. */
export interface HistoryPage {
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
export interface ChatStore {
  messageById(id: bigint): Promise<ShownMessage | undefined>;
  history(page: HistoryPage): Promise<ShownMessage[]>;
  timeline(uid: string): Promise<ShownEntry[]>;
}

export interface LeftOut {
  readonly messages: readonly bigint[];
  /** `_seq` of entries, of whatever type, by uid. */
  readonly entries: ReadonlyMap<string, readonly unknown[]>;
}

export const PAGE = 20;
const MONTHS = 24;
export const TIMELINE = 1024;
const EPOCH_MS = 1_514_736_000_000n;

export function tableOf(id: bigint, zoneHours: number): number {
  return monthTable(Number((id >> 21n) + EPOCH_MS), zoneHours);
}

/** The tables of a page, from the month of the message that it ends before, back over two years. */
export function pageTables(before: bigint, zoneHours: number): string[] {
  const first = tableOf(before, zoneHours);
  return Array.from({ length: MONTHS }, (_, month) => `t_messages_${(first - month + 36) % 36}`);
}
