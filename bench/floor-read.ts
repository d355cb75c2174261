/** Run as `node floor-read.ts URL DATABASE COLLECTION`: reads whole reply batches, counts their bytes, and prints its figures. */
import { MongoClient, type Document, type Long } from "mongodb";

const [url = "", database = "", collection = ""] = process.argv.slice(2);

interface Reply {
  readonly cursor: { readonly id: Long; readonly firstBatch?: Buffer[]; readonly nextBatch?: Buffer[] };
}

await using client = await MongoClient.connect(url, { directConnection: true });
const db = client.db(database);
const session = client.startSession();
const run = (command: Document): Promise<Reply> =>
  db.command(command, {
    session,
    promoteLongs: false,
    fieldsAsRaw: { firstBatch: true, nextBatch: true },
  }) as unknown as Promise<Reply>;
const batchSize = 1700;

const startedAt = performance.now();
let documents = 0;
let bytes = 0;
let reply = await run({ find: collection, filter: {}, hint: { _id: 1 }, batchSize });
for (;;) {
  const { id, firstBatch, nextBatch } = reply.cursor;
  // The next reply is on its way while this one is counted: a floor should wait for nothing but the server.
  const next = id.isZero() ? undefined : run({ getMore: id, collection, batchSize });
  for (const document of firstBatch ?? nextBatch ?? []) {
    documents++;
    bytes += document.length;
  }
  if (next === undefined) break;
  reply = await next;
}
const seconds = (performance.now() - startedAt) / 1000;
await session.endSession();
process.stdout.write(JSON.stringify({ seconds, documents, bytes }));
