import { messageTime } from "../documents/message-id.ts";
import type { ZoneClock } from "../settings/zone-clock.ts";
import type { MysqlSession } from "@firebreak/mysql";
import { quoteIdentifier } from "@firebreak/mysql-format";

/** The number of tables `t_user_messages_N`, and of `t_group_messages_N`. */
export const USER_TABLE_COUNT = 128;

/** Computes Java's String.hashCode: over UTF-16 units, wrapping at 32 bits, signed. */
export function javaStringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/**
 * Returns the shard for the rows of a user or a group.
 *
 * In Java, abs(-2^31) is -2^31, and its remainder is 0 like that of 2^31. So the lowest hash needs no special
 * case.
 */
export function userShard(uid: string): number {
  return Math.abs(javaStringHash(uid)) % USER_TABLE_COUNT;
}

/** The number of message tables. There is one for each month, and months three years apart share one. */
export const MESSAGE_TABLE_COUNT = 36;

/**
 * Returns the number of the message table for an instant: `year % 3 * 12 + month` with January as 0, from its
 * calendar month in the zone of the server's JVM.
 */
export function messageTableAt(ms: number, jvmZone: ZoneClock): number {
  const wall = new Date(jvmZone.wallMs(ms));
  return (wall.getUTCFullYear() % 3) * 12 + wall.getUTCMonth();
}

/** Returns the number of the table for a message, by its id. */
export function messageTableOf(id: bigint, jvmZone: ZoneClock): number {
  return messageTableAt(messageTime(id), jvmZone);
}

/** Returns the number of the table that many months earlier. */
export function monthsBack(table: number, months: number): number {
  return (((table - months) % MESSAGE_TABLE_COUNT) + MESSAGE_TABLE_COUNT) % MESSAGE_TABLE_COUNT;
}

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

/** The table in which Flyway notes the migrations of the chat server's database. */
export const FLYWAY_HISTORY = "flyway_schema_history";

/** Returns the latest migration that succeeded. Undefined if there is no such table or no such migration. */
export async function flywayVersion(
  session: Pick<MysqlSession, "rows">,
  database: string,
): Promise<string | undefined> {
  const tables = await session.rows(
    "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
    [database, FLYWAY_HISTORY],
  );
  if (tables.length === 0) return undefined;
  const history = `${quoteIdentifier(database)}.${quoteIdentifier(FLYWAY_HISTORY)}`;
  const [row] = await session.rows<{ version: string }>(
    `SELECT version FROM ${history} WHERE success = 1 AND version IS NOT NULL ORDER BY installed_rank DESC LIMIT 1`,
  );
  return row?.version;
}
