import type { ProfileCollection, ProfileNamespace } from "@firebreak/transform";
import type { FieldNames } from "./field-names.ts";
import { hybridIndexes, type HybridIndex } from "./hybrid-indexes.ts";
import { MESSAGE_TABLE_COUNT } from "./message-table.ts";
import { messageTable, userMessageTable } from "./server-tables.ts";
import { USER_TABLE_COUNT } from "./user-shard.ts";

/** The place of a shard's collection among those of `planCollections`. */
export function collectionPlace(kind: "messages" | "userMessages", shard: number): number {
  return kind === "messages" ? shard : MESSAGE_TABLE_COUNT + shard;
}

/** All 164, as the server makes them, whatever tables the archive has: rows can be misplaced anywhere. */
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

/** As MongoDB lists them, named as it names indexes that have no name. */
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
