import type { SourceCollection } from "@firebreak/archive";
import { BSON, Int32 } from "bson";
import { DumpFolderWriter } from "@firebreak/mongodump";
import type { ReadCollection } from "./read-dump.ts";

const ID_INDEX = '{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_"}';
/** Numbers among the names: an object of JavaScript would move them to the front. */
const ODD_INDEX =
  '{"v":{"$numberInt":"2"},"key":{"b":{"$numberInt":"1"},"1":{"$numberDouble":"-1.0"}},"name":"b_1_1_-1"}';

function collection(
  database: string,
  name: string,
  rest: Partial<SourceCollection> & { readonly documentCount: number },
): ReadCollection {
  const { documentCount, ...description } = rest;
  return {
    namespace: `${database}.${name}`,
    database,
    collection: name,
    kind: "collection",
    optionsText: "{}",
    indexTexts: [ID_INDEX],
    ...description,
    documents: Array.from({ length: documentCount }, (_, n) =>
      Buffer.from(BSON.serialize({ _id: new Int32(n), of: name, text: "text ".repeat(n) })).toString("hex"),
    ),
  };
}

/** Two small databases with a collection of every kind and names that are hard on file systems, sorted by namespace. */
export const SMALL: readonly ReadCollection[] = [
  collection("other", "things", { documentCount: 3 }),
  collection("small", "UPPER", { documentCount: 1 }),
  collection("small", "capped", {
    kind: "capped",
    optionsText: '{"capped":true,"size":{"$numberInt":"65536"}}',
    documentCount: 4,
  }),
  collection("small", "empty", { documentCount: 0 }),
  collection("small", "many", { indexTexts: [ID_INDEX, ODD_INDEX], documentCount: 60 }),
  collection("small", "series", {
    kind: "timeseries",
    optionsText: '{"timeseries":{"timeField":"at"},"expireAfterSeconds":{"$numberLong":"3600"}}',
    indexTexts: [],
    documentCount: 2,
  }),
  collection("small", "upper", { documentCount: 1 }),
  collection("small", "view", {
    kind: "view",
    optionsText: '{"viewOn":"many","pipeline":[]}',
    indexTexts: [],
    documentCount: 0,
  }),
  collection("small", "with space/slash%", { documentCount: 2 }),
  collection("small", "x".repeat(300), { documentCount: 2 }),
  collection("small", "长".repeat(80), { documentCount: 1 }),
];

/** Writes a dump's folder. */
export async function writeDump(folder: string, collections: readonly ReadCollection[]): Promise<void> {
  const writer = await DumpFolderWriter.open(folder);
  for (const { documents, ...description } of collections) {
    const file = await writer.collection(description);
    if (documents.length > 0) await file.write(Buffer.from(documents.join(""), "hex"));
    await file.seal();
  }
}
