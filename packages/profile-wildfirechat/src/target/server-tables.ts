import { MESSAGE_TABLE_COUNT } from "./message-table.ts";
import { USER_TABLE_COUNT } from "./user-shard.ts";

/** The role of a table or collection. `other` uses the generic mapping, or stays where it is. */
export type ServerTable =
  | { readonly kind: "messages" | "userMessages" | "groupMessages"; readonly shard: number }
  | { readonly kind: "other" };

const NUMBERED = /^t_(messages|user_messages|group_messages)_(0|[1-9]\d{0,2})$/;

export function messageTable(shard: number): string {
  return `t_messages_${shard}`;
}

export function userMessageTable(shard: number): string {
  return `t_user_messages_${shard}`;
}

/** Recognises shard tables by their name, which is the same in MySQL and MongoDB. */
export function serverTable(name: string): ServerTable {
  const match = NUMBERED.exec(name);
  if (match === null) return { kind: "other" };
  const shard = Number(match[2]);
  if (match[1] === "messages")
    return shard < MESSAGE_TABLE_COUNT ? { kind: "messages", shard } : { kind: "other" };
  if (shard >= USER_TABLE_COUNT) return { kind: "other" };
  return { kind: match[1] === "user_messages" ? "userMessages" : "groupMessages", shard };
}

/** Returns the kind and shard of a table of messages or users' rows, by its name. */
export function shardTable(name: string): {
  readonly kind: "messages" | "userMessages";
  readonly shard: number;
} {
  const table = serverTable(name);
  if (table.kind === "messages") return { kind: table.kind, shard: table.shard };
  if (table.kind === "userMessages") return { kind: table.kind, shard: table.shard };
  throw new Error(`${name} is no table of messages`);
}
