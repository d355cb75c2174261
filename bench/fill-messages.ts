import { MongoClient } from "mongodb";
import { benchMessages, fillCollection } from "../fixtures/src/index.ts";

/** What the benches read and write. */
export const DATABASE = "bench";
export const COLLECTION = "messages";

/** Fills a server with messages and the indexes that a messenger has on them. */
export async function fillMessages(url: string, count: number): Promise<void> {
  await using client = await MongoClient.connect(url, { directConnection: true });
  const messages = client.db(DATABASE).collection(COLLECTION);
  await fillCollection(messages, benchMessages({ seed: 1, count }));
  await messages.createIndex({ _dt: 1 });
  await messages.createIndex({ _from: 1, _dt: 1 });
  // A checkpoint now, or the server would write it while it is being read.
  await client.db("admin").command({ fsync: 1 });
}
