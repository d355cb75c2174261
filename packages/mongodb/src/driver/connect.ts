import { archiveReason, hasStrayAt, reasonOf } from "@firebreak/archive";
import { MongoClient } from "mongodb";
import { explainMongodb, mongodbFault } from "./mongodb-faults.ts";
import { nameProblem } from "./unfit-names.ts";

/** Time to look for a server before it counts as absent. The URL's own setting wins. */
const SERVER_SELECTION_TIMEOUT_MS = 10_000;

/** A connected source. Close it when done. */
export interface MongodbSource {
  readonly client: MongoClient;
  /** The hosts that the URL names, without user and password, for messages. */
  readonly server: string;
  /** The database that the URL names, if any: then no other is read. It is never `admin`. */
  readonly database: string | undefined;
  /** True if the URL names `admin`: the user logs in there, which does not restrict the databases to read. */
  readonly namesAdmin: boolean;
  readonly version: string;
  /** True if reads may use majority read concern, which returns only data that cannot be rolled back. */
  readonly isReplicaSet: boolean;
}

/**
 * Connects to a server.
 *
 * @throws {FirebreakError} `mongodb-url`, `mongodb-unreachable`, `mongodb-login` or `mongodb-forbidden`.
 */
export async function connectMongodb(url: string): Promise<MongodbSource> {
  if (hasStrayAt(url)) throw mongodbFault("mongodb-url", { reason: archiveReason("url-unescaped") });
  let client: MongoClient;
  try {
    client = new MongoClient(url, {
      ...(url.includes("serverSelectionTimeoutMS")
        ? {}
        : { serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT_MS }),
      appName: "firebreak",
    });
  } catch (error) {
    throw mongodbFault("mongodb-url", { reason: reasonOf(error) }, error);
  }
  const server = client.options.srvHost ?? client.options.hosts.map(String).join(",");
  try {
    await client.connect();
    const admin = client.db("admin");
    const hello = await admin.command({ hello: 1 });
    const version = String((await admin.command({ buildInfo: 1 }))["version"]);
    const isReplicaSet = typeof hello["setName"] === "string" || hello["msg"] === "isdbgrid";
    const named = databaseOf(url);
    if (named !== undefined && nameProblem({ database: named, collection: "c" }) !== undefined)
      throw mongodbFault("mongodb-url", { reason: archiveReason("database-impossible", { name: named }) });
    const namesAdmin = named === "admin";
    return { client, server, database: namesAdmin ? undefined : named, namesAdmin, version, isReplicaSet };
  } catch (error) {
    await client.close();
    throw explainMongodb(error, server);
  }
}

function databaseOf(url: string): string | undefined {
  const name = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]*)/.exec(url)?.[1];
  return name === undefined || name === "" ? undefined : decodeURIComponent(name);
}

/** True if a server has this version or a later one. */
export function isVersion(version: string, [major, minor]: readonly [number, number]): boolean {
  const [foundMajor = 0, foundMinor = 0] = version.split(".").map(Number);
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}
