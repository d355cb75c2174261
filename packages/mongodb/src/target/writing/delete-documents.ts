import { asSent } from "../../driver/as-sent.ts";
import { fieldOf, idGroups, idOf } from "../../driver/bson-map.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import { explainMongodb, failureOf, mongodbReason } from "../../driver/mongodb-faults.ts";
import type { Namespace } from "../../driver/namespaces.ts";
import { readQuery } from "../../source/read-range.ts";
import { runWrite, type ServerWriteError } from "./write-documents.ts";

/** The number of `_id`s in one reply. */
const REPLY_IDS = 1000;

/**
 * Deletes the documents that have exactly these `_id`s, in type and bytes. A second call finds nothing to do.
 *
 * The server treats 1 and 1.0 as equal, and the document with the other key must stay. So it is first asked
 * which of the keys exist.
 *
 * @param keys BSON documents whose `_id` is the key.
 * @returns the number of documents deleted, acknowledged by a majority.
 * @throws {FirebreakError} an error of mongodb: then it is unknown which documents are gone.
 */
export async function deleteDocuments(
  target: MongodbSource,
  ns: Pick<Namespace, "namespace" | "database" | "storedIn">,
  keys: readonly Buffer[],
): Promise<number> {
  const wanted = new Set(keys.map(idOf));
  let deleted = 0;
  for (const ids of idGroups(keys)) {
    const there = await storedIds(target, ns, ids, wanted);
    if (there.length === 0) continue;
    const deletes = there.map((id) => ({ q: { _id: { $eq: id } }, limit: 1 }));
    const reply = await runWrite(target, ns, { delete: ns.storedIn, deletes, ordered: false });
    const [error] = asSent<ServerWriteError[] | undefined>(reply["writeErrors"]) ?? [];
    if (error !== undefined)
      throw failureOf(target.server, ns.namespace, {
        code: error.code,
        reason: error.errmsg ?? mongodbReason("no-words"),
      });
    deleted += Number(reply["n"]);
  }
  return deleted;
}

async function storedIds(
  target: MongodbSource,
  ns: Pick<Namespace, "namespace" | "database" | "storedIn">,
  ids: readonly unknown[],
  wanted: ReadonlySet<string>,
): Promise<unknown[]> {
  const found: unknown[] = [];
  const query = { find: ns.storedIn, filter: { _id: { $in: ids } }, projection: { _id: 1 } };
  try {
    for await (const documents of readQuery(target, ns, query, REPLY_IDS))
      for (const document of documents) if (wanted.has(idOf(document))) found.push(fieldOf(document, "_id"));
    return found;
  } catch (error) {
    throw explainMongodb(error, target.server, ns.namespace);
  }
}
