import { Int32, Long } from "bson";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { userTable } from "../../fixtures/src/chat-site/user-shards.ts";
import {
  PAGE,
  pageTables,
  tableOf,
  TIMELINE,
  type ChatStore,
  type LeftOut,
  type ShownMessage,
} from "./chat-store.ts";

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
