import { Long, type Binary } from "bson";
import type { Db, Document, Filter } from "mongodb";
import { userTable } from "../../fixtures/src/chat-site/user-shards.ts";
import {
  PAGE,
  pageTables,
  tableOf,
  TIMELINE,
  type ChatStore,
  type LeftOut,
  type ShownEntry,
  type ShownMessage,
} from "./chat-store.ts";

/** Finds what old documents lack as the server does: the type in the body, the rest in the message. */
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

/** Returns field 1 of a body, plain or encrypted. It has one or two bytes. */
function typeInBody(body: Buffer): number {
  const mask = body[0] === 0xb5 ? 0xbd : 0;
  const [low = 0, high = 0] = [body[1], body[2]].map((byte) => (byte ?? 0) ^ mask);
  return low < 128 ? low : low - 128 + high * 128;
}
