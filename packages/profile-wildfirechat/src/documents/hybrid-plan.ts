import type { ProfileCollection, ProfileNamespace } from "@firebreak/transform";
import type { FieldNames } from "./field-names.ts";
import {
  MESSAGE_TABLE_COUNT,
  messageTable,
  userMessageTable,
  USER_TABLE_COUNT,
} from "../target/server-tables.ts";

/** Returns the position of a shard's collection in the list from `planCollections`. */
export function collectionPlace(kind: "messages" | "userMessages", shard: number): number {
  return kind === "messages" ? shard : MESSAGE_TABLE_COUNT + shard;
}

/** Plans all 164 collections, whatever tables the archive has, because any row can be misplaced. */
export function planCollections(
  sourceDatabase: string,
  database: string,
  namespaces: readonly ProfileNamespace[],
  names: FieldNames,
  expireDays: number,
): ProfileCollection[] {
  const indexes = hybridIndexes(names, expireDays);
  const of = (name: string, list: readonly HybridIndex[]): ProfileCollection => {
    const namespace = namespaces.find((n) => n.database === sourceDatabase && n.collection === name);
    return {
      database,
      collection: name,
      namespace: namespace?.namespace ?? `${sourceDatabase}.${name}`,
      optionsText: "{}",
      indexTexts: indexTexts(list),
      notCarried: [],
    };
  };
  return [
    ...Array.from({ length: MESSAGE_TABLE_COUNT }, (_, i) => of(messageTable(i), indexes.messages)),
    ...Array.from({ length: USER_TABLE_COUNT }, (_, i) => of(userMessageTable(i), indexes.userMessages)),
  ];
}

/** Returns indexes as MongoDB lists them, with the names that it gives to indexes without a name. */
function indexTexts(indexes: readonly HybridIndex[]): string[] {
  const all: readonly HybridIndex[] = [{ key: [["_id", 1]] }, ...indexes];
  return all.map(({ key, expireAfterSeconds }) => {
    const fields = key.map(([field, way]) => `${JSON.stringify(field)}:{"$numberInt":"${way}"}`);
    const name = key.map(([field, way]) => `${field}_${way}`).join("_");
    const expiry =
      expireAfterSeconds === undefined ? "" : `,"expireAfterSeconds":{"$numberInt":"${expireAfterSeconds}"}`;
    const isId = key[0]?.[0] === "_id";
    return `{"v":{"$numberInt":"2"},"key":{${fields.join(",")}},"name":${JSON.stringify(isId ? "_id_" : name)}${expiry}}`;
  });
}

export interface HybridIndex {
  readonly key: readonly (readonly [field: string, direction: 1 | -1])[];
  readonly expireAfterSeconds?: number;
}

const DAY_SECONDS = 86_400;

/** Returns the indexes of each kind of collection as the hybrid's server creates them, with a TTL in days. */
export function hybridIndexes(
  names: FieldNames,
  expireDays: number,
): Readonly<Record<"messages" | "userMessages", readonly HybridIndex[]>> {
  const { messages, userMessages } = names;
  const expireAfterSeconds = expireDays * DAY_SECONDS;
  return {
    messages: [
      {
        key: [
          [messages.type, 1],
          [messages.target, 1],
          [messages.line, 1],
        ],
      },
      { key: [[messages.dt, -1]], expireAfterSeconds },
      { key: [[messages.from, 1]] },
    ],
    userMessages: [
      {
        key: [
          [userMessages.uid, 1],
          [userMessages.seq, -1],
        ],
      },
      { key: [[userMessages.createTime, -1]], expireAfterSeconds },
    ],
  };
}
