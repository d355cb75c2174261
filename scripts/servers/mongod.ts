import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { findMongod } from "./find-mongod.ts";
import { runServer } from "./running-server.ts";
import type { Server } from "./server.ts";

export interface MongodOptions {
  /** Gets `data/` and `mongod.log`; one with data in it is started again as it is. */
  readonly dir: string;
  /** Name of a replica set of one; without it the server is a standalone, which has no change streams. */
  readonly replicaSet?: string;
  readonly oplogMib?: number;
  readonly port?: number;
  readonly cacheGib?: number;
  readonly extraArgs?: readonly string[];
}

/** Starts a mongod; one of a replica set is primary when this resolves. */
export async function startMongod(options: MongodOptions): Promise<Server> {
  const { command, version } = await findMongod();
  const { dir, replicaSet, port, oplogMib = 1024, cacheGib = 0.5, extraArgs = [] } = options;
  await mkdir(dir, { recursive: true });
  const args = ["--dbpath", ".", "--bind_ip", "127.0.0.1", "--wiredTigerCacheSizeGB", String(cacheGib)];
  // Its socket would lie in /tmp, and its diagnostics cost time in every second of a small machine.
  args.push("--nounixsocket", "--setParameter", "diagnosticDataCollectionEnabled=false");
  if (replicaSet !== undefined) {
    args.push("--replSet", replicaSet, "--oplogSize", String(oplogMib));
    // The only member has nobody to hand over to, so there is nothing to wait for before it ends.
    args.push("--setParameter", "shutdownTimeoutMillisForSignaledShutdown=0");
  }
  return runServer({
    title: `MongoDB ${version}${replicaSet === undefined ? "" : " (replica set)"}`,
    dataDir: join(dir, "data"),
    logFile: join(dir, "mongod.log"),
    port,
    command: (chosenPort) => [...command, ...args, "--port", String(chosenPort), ...extraArgs],
    url: (chosenPort) => `mongodb://127.0.0.1:${chosenPort}`,
    connect: (url) => waitForPrimary(url, replicaSet),
  });
}

/** Throws until the server takes writes; asks a new replica set to begin. */
async function waitForPrimary(url: string, replicaSet: string | undefined): Promise<void> {
  await using client = await MongoClient.connect(url, {
    directConnection: true,
    serverSelectionTimeoutMS: 1000,
  });
  const admin = client.db("admin");
  const hello = await admin.command({ hello: 1 });
  if (hello["isWritablePrimary"] === true) return;
  if (replicaSet !== undefined && hello["setName"] === undefined) {
    const members = [{ _id: 0, host: new URL(url).host }];
    await admin.command({ replSetInitiate: { _id: replicaSet, members } });
  }
  throw new Error("The server does not take writes yet.");
}
