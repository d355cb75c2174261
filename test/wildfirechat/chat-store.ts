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
  /** The two people of a private chat. Undefined in a group or a room, which `target` names. */
  readonly people: readonly [string, string] | undefined;
  readonly target: string;
  readonly asUid: string;
  /** The page has only messages with lower ids. */
  readonly before: bigint;
}

/** The queries of the chat server itself, without what was odd before (`LeftOut`). */
export interface ChatStore {
  messageById(id: bigint): Promise<ShownMessage | undefined>;
  history(page: HistoryPage): Promise<ShownMessage[]>;
  timeline(uid: string): Promise<ShownEntry[]>;
}

export interface LeftOut {
  readonly messages: readonly bigint[];
  /** The `_seq` of entries by uid. They may be of any type. */
  readonly entries: ReadonlyMap<string, readonly unknown[]>;
}

export const PAGE = 20;
const MONTHS = 24;
export const TIMELINE = 1024;
const EPOCH_MS = 1_514_736_000_000n;

export function tableOf(id: bigint, zoneHours: number): number {
  return monthTable(Number((id >> 21n) + EPOCH_MS), zoneHours);
}

/** Returns the tables of a page: two years of them, back from the month of the message that it ends before. */
export function pageTables(before: bigint, zoneHours: number): string[] {
  const first = tableOf(before, zoneHours);
  return Array.from({ length: MONTHS }, (_, month) => `t_messages_${(first - month + 36) % 36}`);
}
