import type { Document } from "mongodb";
import type { MongodbSource } from "./connect.ts";
import { explainMongodb } from "./mongodb-faults.ts";

/** What a server says of itself that a load must know. */
export interface TargetFacts {
  readonly version: string;
  readonly isWritable: boolean;
  /** The largest document it takes. */
  readonly maxDocumentBytes: number;
  /** Of the disk that it keeps its data on; undefined where it does not tell (a mongos, a user that may not ask). */
  readonly freeBytes: number | undefined;
  /** Names of all databases; undefined where the user may not list them. */
  readonly databases: readonly string[] | undefined;
}

/** @throws {FirebreakError} of mongodb. */
export async function targetFacts(target: MongodbSource, database: string): Promise<TargetFacts> {
  const { client, version, server } = target;
  const admin = client.db("admin");
  try {
    const hello = await admin.command({ hello: 1 });
    const stats = await client
      .db(database)
      .command({ dbStats: 1 })
      .catch((): Document => ({}));
    const [total, used] = [Number(stats["fsTotalSize"]), Number(stats["fsUsedSize"])];
    return {
      version,
      isWritable: hello["isWritablePrimary"] !== false && hello["readOnly"] !== true,
      maxDocumentBytes: Number(hello["maxBsonObjectSize"]),
      freeBytes: total > 0 ? total - used : undefined,
      databases: await listedDatabases(target),
    };
  } catch (error) {
    throw explainMongodb(error, server, database);
  }
}

/** Returns the names of all databases; undefined where the user may not list them. */
export async function listedDatabases({
  client,
}: Pick<MongodbSource, "client">): Promise<readonly string[] | undefined> {
  const listed = await client
    .db("admin")
    .admin()
    .listDatabases({ nameOnly: true })
    .catch(() => undefined);
  return listed?.databases.map((d) => d.name);
}
