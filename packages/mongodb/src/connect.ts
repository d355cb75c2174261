import { MongoClient } from "mongodb";
import { hasStrayAt, reasonOf, STRAY_AT } from "@firebreak/archive";
import { explainMongodb, mongodbFault } from "./mongodb-faults.ts";
import { nameProblem } from "./unfit-names.ts";

/** How long to look for a server before saying it is not there; the URL's own setting wins. */
const SERVER_SELECTION_TIMEOUT_MS = 10_000;

/** A connected source: close it when done. */
export interface MongodbSource {
  readonly client: MongoClient;
  /** The hosts, for messages: what the URL names without user and password. */
  readonly server: string;
  /** The database that the URL names, if any: then no other is looked at. It is never `admin`. */
  readonly database: string | undefined;
  /** Whether the URL names `admin`: that is where its user logs in, and says nothing of what to look at. */
  readonly namesAdmin: boolean;
  readonly version: string;
  /** Whether reads may ask for what a majority of the replica set has, which cannot be rolled back. */
  readonly isReplicaSet: boolean;
}

/** @throws {FirebreakError} `mongodb-url`, `mongodb-unreachable`, `mongodb-login` or `mongodb-forbidden`. */
export async function connectMongodb(url: string): Promise<MongodbSource> {
  if (hasStrayAt(url)) throw mongodbFault("mongodb-url", { reason: STRAY_AT });
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
    const { version } = (await admin.command({ buildInfo: 1 })) as unknown as { version: string };
    const isReplicaSet = typeof hello["setName"] === "string" || hello["msg"] === "isdbgrid";
    const named = databaseOf(url);
    if (named !== undefined && nameProblem({ database: named, collection: "c" }) !== undefined)
      throw mongodbFault("mongodb-url", { reason: `no database can have the name ${JSON.stringify(named)}` });
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
