import { createHash } from "node:crypto";
import { BSON, EJSON, type Document } from "bson";
import type { Db } from "mongodb";

/** One collection as the server tells of it; two that are equal here are equal. */
export interface CollectionContent {
  readonly type: string;
  readonly options: string;
  readonly indexes: readonly string[];
  readonly documentCount: number;
  /** The hashes of the documents' bytes, a line each: in natural order for capped collections, else sorted. */
  readonly documents: string;
}

/** Everything that is in a database, by the name of the collection. */
export async function contentOf(db: Db): Promise<Record<string, CollectionContent>> {
  const listed = (await db.listCollections({}, { raw: true }).toArray()) as unknown as Buffer[];
  const content: Record<string, CollectionContent> = {};
  for (const bytes of listed) {
    const info = BSON.deserialize(bytes, { promoteValues: false }) as Document;
    const name = String(info["name"]);
    if (name.startsWith("system.")) continue;
    const type = String(info["type"]);
    const isCapped = (info["options"] as Document)["capped"] === true;
    const hashes = await documentHashes(db, type === "timeseries" ? `system.buckets.${name}` : name, type);
    content[name] = {
      type,
      options: EJSON.stringify(info["options"], { relaxed: false }),
      indexes: type === "view" ? [] : await indexesOf(db, name),
      documentCount: hashes.length,
      documents: (isCapped ? hashes : hashes.toSorted()).join("\n"),
    };
  }
  return Object.fromEntries(Object.entries(content).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function documentHashes(db: Db, storedIn: string, type: string): Promise<string[]> {
  if (type === "view") return [];
  const hashes: string[] = [];
  for await (const document of db.collection(storedIn).find({}, { raw: true, hint: { $natural: 1 } }))
    hashes.push(
      createHash("sha256")
        .update(document as unknown as Buffer)
        .digest("hex"),
    );
  return hashes;
}

/** As bytes, so that the order of keys and the types of numbers count. */
async function indexesOf(db: Db, name: string): Promise<string[]> {
  const raw = (await db.collection(name).listIndexes({ raw: true }).toArray()) as unknown as Buffer[];
  return raw.map((bytes) => bytes.toString("latin1")).toSorted();
}
