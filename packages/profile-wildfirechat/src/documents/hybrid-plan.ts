import type { ProfileCollection, ProfileNamespace } from "@firebreak/transform";
import type { FieldNames } from "./field-names.ts";
import { hybridIndexes, type HybridIndex } from "./hybrid-indexes.ts";
import { MESSAGE_TABLE_COUNT } from "../target/message-table.ts";
import { messageTable, userMessageTable } from "../target/server-tables.ts";
import { USER_TABLE_COUNT } from "../target/user-shard.ts";

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
