import type { Document } from "mongodb";
import type { MongodbSource } from "../driver/connect.ts";
import { explainMongodb } from "../driver/mongodb-faults.ts";

/** Facts about a server that a load needs. */
export interface TargetFacts {
  readonly version: string;
  readonly isWritable: boolean;
  /** The size of the largest document that it takes. */
  readonly maxDocumentBytes: number;
  /** Free space on the disk of the server's data. Undefined if unknown (a mongos, or a missing right). */
  readonly freeBytes: number | undefined;
  /** Names of all databases. Undefined if the user may not list them. */
  readonly databases: readonly string[] | undefined;
}

/**
 * Asks a server for its facts.
 *
 * @throws {FirebreakError} any error of mongodb.
 */
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

/** Returns the names of all databases. Undefined if the user may not list them. */
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
