import type { AnswerRow, AskMongodb, QueryCase, TestedQuery } from "@firebreak/query-test";
import { messageTable, messageTableOf } from "../target/server-tables.ts";
import type { DrawnMessage } from "./draw-messages.ts";
import type { QueriedSite } from "./queried-site.ts";
import { documentShown, messageColumnList, messageOf, rowShown } from "./shown-message.ts";

/** Returns the query for one message by its id. */
export function messageById(site: QueriedSite, messages: readonly DrawnMessage[]): TestedQuery {
  return {
    name: "message by id",
    isOrdered: false,
    cases: messages.map((message) => byIdCase(site, message)),
    lookup: {
      table: site.tableName(messageTable(0)),
      columns: [{ name: "_mid", sqlType: "bigint" }],
      isGiven: true,
    },
  };
}

/** The source is asked where the document lies, the target where the server looks for the message. */
function byIdCase(site: QueriedSite, { id, shard }: DrawnMessage): QueryCase {
  const { database, jvmZone, tableName } = site;
  const table = tableName(messageTable(messageTableOf(id, jvmZone)));
  return {
    parameters: { _mid: String(id) },
    mongodb: async (find) => {
      const collection = messageTable(shard);
      const { documents } = await find({ database, collection, filter: { _id: long(id) }, limit: 1 });
      const found = documents.flatMap((document) => messageOf(document, site) ?? []);
      return { rows: found.map((message) => documentShown(message, site)), isWhole: true };
    },
    mysql: async (select) => {
      const sql = `SELECT ${messageColumnList(site)} FROM ${table} WHERE _mid = ?`;
      const { rows } = await select({ sql, values: [id] });
      return { rows: rows.map((row) => rowShown(row, site)), isWhole: true };
    },
  };
}

/**
 * Returns true if the hybrid has a message in another collection than that of its month, where its server
 * never looks. Transform puts it into the right table.
 */
export async function isMovedMessage(site: QueriedSite, row: AnswerRow, find: AskMongodb): Promise<boolean> {
  const { database, jvmZone, messageShards } = site;
  const id = BigInt(row.get("_mid") ?? 0);
  const right = messageTableOf(id, jvmZone);
  for (const shard of messageShards) {
    if (shard === right) continue;
    const collection = messageTable(shard);
    if ((await find({ database, collection, filter: { _id: long(id) }, limit: 1 })).count > 0) return true;
  }
  return false;
}

/** Returns an Int64 for a filter. */
export function long(value: bigint): object {
  return { $numberLong: String(value) };
}
