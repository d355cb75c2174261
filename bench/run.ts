import { rm } from "node:fs/promises";
import { availableParallelism, cpus, totalmem } from "node:os";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { readMysqlManifest, readSourceManifest } from "../packages/archive/dist/index.js";
import { startServers, type Servers } from "../scripts/servers/servers.ts";
import { bestInTurns, type Timed } from "./best-in-turns.ts";
import { benchFolder, messageCountFrom } from "./bench-folder.ts";
import { COLLECTION, DATABASE, fillMessages } from "./fill-messages.ts";
import { loadFloorSeconds } from "./floor-load.ts";
import { scanFloorSeconds } from "./floor-scan.ts";
import { measureStep, type BenchPlace } from "./four-steps.ts";
import { measureProcess, type ProcessFigures } from "./measure-process.ts";
import { settle } from "./settle.ts";
import { stepTable, type MeasuredStep } from "./step-table.ts";

const ROUNDS = 3;

/** Without the stock client there is nothing to hold load against. */
type LoadRuns = {
  before?: () => Promise<Timed>;
  after?: () => Promise<Timed>;
  loaded: () => Promise<ProcessFigures>;
};

const messageCount = messageCountFrom(1_000_000);
const target = process.env["FIREBREAK_BENCH_TARGET"] === "mariadb" ? "mariadb" : "mysql";

const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

async function main(): Promise<void> {
  await using folder = await benchFolder();
  say(`starting MongoDB and ${target}`);
  const servers = await startServers(["mongodb-rs", target]);
  try {
    say(`filling MongoDB with ${messageCount.toLocaleString("en-US")} messages`);
    await fillMessages(servers["mongodb-rs"].url, messageCount);
    await measure(servers, folder.path);
  } finally {
    await servers.stopAll();
  }
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
  const { read, exported } = await bestInTurns(ROUNDS, {
    read: () => readFloor(mongodbUrl),
    exported: async () => {
      await rm(place.archive, { recursive: true, force: true });
      return measureStep("export", place);
    },
  });

  const source = (await readSourceManifest(place.archive)).manifest;
  const parts = source.namespaces.flatMap((n) => n.parts.map((p) => join(place.archive, p.file)));
  const mysqlFolder = join(place.archive, "mysql");
  const { calls, whole, transformed } = await bestInTurns(ROUNDS, {
    calls: () => parseFloor(parts, "calls"),
    whole: () => parseFloor(parts, "whole"),
    transformed: async () => {
      await rm(mysqlFolder, { recursive: true, force: true });
      return measureStep("transform", place);
    },
  });

  const { manifest } = await readMysqlManifest(mysqlFolder);
  const clientFloor = async (indexes: "before" | "after"): Promise<Timed> => {
    await settle(serverUrl);
    say(`floor: the stock client, indexes ${indexes} the rows`);
    const wallSeconds = await loadFloorSeconds({
      connections: availableParallelism(),
      isPiped: false,
      indexes,
      manifest,
      folder: mysqlFolder,
      plainFolder: join(folder, "plain"),
      url: serverUrl,
      database: `${DATABASE}_floor`,
      client: join(server.clientFolder ?? "", target === "mysql" ? "mysql" : "mariadb"),
    });
    return { wallSeconds };
  };
  const load = async (): Promise<ProcessFigures> => {
    await createDatabase(serverUrl);
    await settle(serverUrl);
    return measureStep("load", place);
  };
  const { before, after, loaded } = await bestInTurns<LoadRuns>(
    ROUNDS,
    server.clientFolder === undefined
      ? { loaded: load }
      : { before: () => clientFloor("before"), after: () => clientFloor("after"), loaded: load },
  );
  await settle(serverUrl);
  const { scan, checked } = await bestInTurns(ROUNDS, {
    scan: async () => {
      say("floor: a bare SHA2 scan");
      return { wallSeconds: await scanFloorSeconds(place.mysqlUrl, manifest) };
    },
    checked: () => measureStep("checksum", place),
  });

  const bsonMb = read.bytes / 1e6;
  const steps: MeasuredStep[] = [
    measured("export", exported, "read whole batches", read, "time", 4),
    // Two readings of the goal: the bare calls on strings at hand, and parsing the parts as they lie on disk.
    measured("transform", transformed, "JSON.parse of strings", calls, "speed", 0.3),
    measured("", transformed, "JSON.parse of the parts", whole, "speed", 0.3),
    // Into the indexed table, and in our own order: indexes after the rows.
    measured("load", loaded, "stock client, indexed table", before, "speed", 0.8),
    measured("", loaded, "stock client, indexes after", after, "speed", 0.8),
    measured("checksum", checked, "bare SHA2 scan", scan, "time", 1.6),
  ];
  process.stdout.write(
    [
      "",
      `${messageCount.toLocaleString("en-US")} messages, ${bsonMb.toFixed(0)} MB of BSON, ${(calls.bytes / 1e6).toFixed(0)} MB of lines, ${parts.length} parts`,
      `${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; Node ${process.version}; ${servers["mongodb-rs"].title}, ${server.title}`,
      `each the quickest of ${ROUNDS}, in turns with what it is held against`,
      "",
      stepTable(steps, messageCount),
    ].join("\n"),
  );
}

function measured(
  step: string,
  figures: ProcessFigures,
  floor: string,
  quickest: Timed | undefined,
  goalOf: MeasuredStep["goalOf"],
  goal: number,
): MeasuredStep {
  return { step, figures, floor, floorSeconds: quickest?.wallSeconds, goalOf, goal };
}

async function createDatabase(url: string): Promise<void> {
  const connection = await createConnection({ uri: url });
  await connection.query(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await connection.query(`CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4`);
  await connection.end();
}

async function readFloor(url: string): Promise<Timed & { readonly bytes: number }> {
  const floor = await runFloor<{ seconds: number; documents: number; bytes: number }>(
    "reading whole reply batches",
    "floor-read.ts",
    [url, DATABASE, COLLECTION],
  );
  if (floor.documents !== messageCount)
    throw new Error(`the read floor saw ${floor.documents} of ${messageCount} messages`);
  return { wallSeconds: floor.seconds, bytes: floor.bytes };
}

/** Of the bare calls on strings at hand, or of the whole: with reading, decompressing and decoding. */
async function parseFloor(
  parts: readonly string[],
  of: "calls" | "whole",
): Promise<Timed & { readonly bytes: number }> {
  const floor = await runFloor<{ seconds: number; wholeSeconds: number; bytes: number }>(
    `JSON.parse over the same lines, ${of}`,
    "floor-parse.ts",
    parts,
  );
  return { wallSeconds: of === "calls" ? floor.seconds : floor.wholeSeconds, bytes: floor.bytes };
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
