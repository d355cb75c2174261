import { availableParallelism, cpus, totalmem } from "node:os";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { MongoClient } from "mongodb";
import { benchMessages, fillCollection } from "../fixtures/src/index.ts";
import { readMysqlManifest, readSourceManifest } from "../packages/archive/dist/index.js";
import { startServers, type Servers } from "../scripts/servers/servers.ts";
import { benchFolder, messageCountFrom } from "./bench-folder.ts";
import { loadFloorSeconds } from "./floor-load.ts";
import { scanFloorSeconds } from "./floor-scan.ts";
import { measureStep, type BenchPlace } from "./four-steps.ts";
import { measureProcess, type ProcessFigures } from "./measure-process.ts";
import { settle } from "./settle.ts";
import { stepTable, type MeasuredStep } from "./step-table.ts";

const DATABASE = "bench";
const COLLECTION = "messages";
const SEED = 1;

const messageCount = messageCountFrom(1_000_000);
const target = process.env["FIREBREAK_BENCH_TARGET"] === "mariadb" ? "mariadb" : "mysql";

const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

async function main(): Promise<void> {
  await using folder = await benchFolder();
  say(`starting MongoDB and ${target}`);
  const servers = await startServers(["mongodb-rs", target]);
  try {
    await fill(servers["mongodb-rs"].url);
    await measure(servers, folder.path);
  } finally {
    await servers.stopAll();
  }
}

async function fill(url: string): Promise<void> {
  say(`filling MongoDB with ${messageCount.toLocaleString("en-US")} messages`);
  await using client = await MongoClient.connect(url, { directConnection: true });
  const messages = client.db(DATABASE).collection(COLLECTION);
  await fillCollection(messages, benchMessages({ seed: SEED, count: messageCount }));
  await messages.createIndex({ _dt: 1 });
  await messages.createIndex({ _from: 1, _dt: 1 });
  // A checkpoint now, or the server would write it while it is being read.
  await client.db("admin").command({ fsync: 1 });
}

async function measure(servers: Servers<"mongodb-rs" | "mysql" | "mariadb">, folder: string): Promise<void> {
  const mongodbUrl = servers["mongodb-rs"].url;
  const server = servers[target];
  const serverUrl = server.url;
  const place: BenchPlace = {
    archive: join(folder, "archive"),
    mongodbUrl: `${mongodbUrl}/${DATABASE}?directConnection=true`,
    mysqlUrl: `${serverUrl}/${DATABASE}`,
  };
  await createDatabase(serverUrl);

  // The floor is the quicker of a reading before and one after, so that a warmer cache is never to our credit.
  const readBefore = await readFloor(mongodbUrl);
  const exported = await measureStep("export", place);
  const readAfter = await readFloor(mongodbUrl);
  const read = readBefore.seconds < readAfter.seconds ? readBefore : readAfter;

  const source = (await readSourceManifest(place.archive)).manifest;
  const parts = source.namespaces.flatMap((n) => n.parts.map((p) => join(place.archive, p.file)));
  const parse = await runFloor<{ seconds: number; wholeSeconds: number; lines: number; bytes: number }>(
    "JSON.parse over the same lines",
    "floor-parse.ts",
    parts,
  );
  const transformed = await measureStep("transform", place);

  const mysqlFolder = join(place.archive, "mysql");
  const { manifest } = await readMysqlManifest(mysqlFolder);
  const clientFloor = async (indexes: "before" | "after"): Promise<number | undefined> => {
    await settle(serverUrl);
    if (server.clientFolder === undefined) return undefined;
    say(`floor: the stock client, indexes ${indexes} the rows`);
    return loadFloorSeconds({
      connections: availableParallelism(),
      isPiped: false,
      indexes,
      manifest,
      folder: mysqlFolder,
      plainFolder: join(folder, "plain"),
      url: serverUrl,
      database: `${DATABASE}_floor`,
      client: join(server.clientFolder, target === "mysql" ? "mysql" : "mariadb"),
    });
  };
  // Before and after, as for the read floor: a server's first load of its life is slower than its later ones.
  const clientBefore = await clientFloor("before");
  const lateBefore = await clientFloor("after");
  await settle(serverUrl);
  const loaded = await measureStep("load", place);
  await settle(serverUrl);
  const checked = await measureStep("checksum", place);
  say("floor: a bare SHA2 scan");
  const scanSeconds = await scanFloorSeconds(place.mysqlUrl, manifest);
  const clientAfter = await clientFloor("before");
  const lateAfter = await clientFloor("after");
  const quicker = (a: number | undefined, b: number | undefined): number | undefined =>
    a === undefined || b === undefined ? undefined : Math.min(a, b);

  const bsonMb = read.bytes / 1e6;
  const steps: MeasuredStep[] = [
    measured("export", exported, "read whole batches", read.seconds, "time", 4),
    // Two readings of the goal: the bare calls on strings at hand, and parsing the parts as they lie on disk.
    measured("transform", transformed, "JSON.parse of strings", parse.seconds, "speed", 0.3),
    measured("", transformed, "JSON.parse of the parts", parse.wholeSeconds, "speed", 0.3),
    // Into the indexed table, and in our own order: indexes after the rows.
    measured("load", loaded, "stock client, indexed table", quicker(clientBefore, clientAfter), "speed", 0.8),
    measured("", loaded, "stock client, indexes after", quicker(lateBefore, lateAfter), "speed", 0.8),
    measured("checksum", checked, "bare SHA2 scan", scanSeconds, "time", 1.6),
  ];
  process.stdout.write(
    [
      "",
      `${messageCount.toLocaleString("en-US")} messages, ${bsonMb.toFixed(0)} MB of BSON, ${(parse.bytes / 1e6).toFixed(0)} MB of lines, ${parts.length} parts`,
      `${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; Node ${process.version}; ${servers["mongodb-rs"].title}, ${server.title}`,
      `read floor ${readBefore.seconds.toFixed(2)} s before and ${readAfter.seconds.toFixed(2)} s after the export; JSON.parse ${parse.seconds.toFixed(2)} s, ${parse.wholeSeconds.toFixed(2)} s with reading, decompressing and decoding; stock client ${clientBefore?.toFixed(2)} s before and ${clientAfter?.toFixed(2)} s after the load, with the indexes made afterwards ${lateBefore?.toFixed(2)} s and ${lateAfter?.toFixed(2)} s`,
      "",
      stepTable(steps, messageCount),
    ].join("\n"),
  );
}

function measured(
  step: string,
  figures: ProcessFigures,
  floor: string,
  floorSeconds: number | undefined,
  goalOf: MeasuredStep["goalOf"],
  goal: number,
): MeasuredStep {
  return { step, figures, floor, floorSeconds, goalOf, goal };
}

async function createDatabase(url: string): Promise<void> {
  const connection = await createConnection({ uri: url });
  await connection.query(`CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4`);
  await connection.end();
}

async function readFloor(url: string): Promise<{ seconds: number; documents: number; bytes: number }> {
  const args = [url, DATABASE, COLLECTION];
  const floor = await runFloor<{ seconds: number; documents: number; bytes: number }>(
    "reading whole reply batches",
    "floor-read.ts",
    args,
  );
  if (floor.documents !== messageCount)
    throw new Error(`the read floor saw ${floor.documents} of ${messageCount} messages`);
  return floor;
}

/** Runs a floor in a process of its own, so that none inherits another's heap or compiled code. */
async function runFloor<Figures>(title: string, script: string, args: readonly string[]): Promise<Figures> {
  say(`floor: ${title}`);
  const { stdout } = await measureProcess({
    title,
    command: [process.execPath, join(import.meta.dirname, script), ...args],
  });
  return JSON.parse(stdout) as Figures;
}

await main();
