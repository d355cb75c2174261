/**
 * Plans moves of three sizes to MySQL and MariaDB, on an idle machine and beside a busy process, then makes each of
 * them. Fails where fewer than nine of ten plans have the time of the steps in their interval, or where an interval's
 * end is more than twice its start.
 *
 *     node bench/plan.ts [MESSAGES…]      # 100000, 300000 and 1000000 unless given
 */
import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { createConnection } from "mysql2/promise";
import { startServers } from "../scripts/servers/servers.ts";
import { benchFolder } from "./bench-folder.ts";
import { DATABASE, fillMessages } from "./fill-messages.ts";
import { measureStep, STEPS, type BenchPlace } from "./four-steps.ts";
import { measureProcess } from "./measure-process.ts";
import { settle } from "./settle.ts";
import { textTable } from "./text-table.ts";

const GOAL = 0.9;
const MOST_RATIO = 2;
const given = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [100_000, 300_000, 1_000_000];
const commandLine = join(import.meta.dirname, "..", "packages", "cli", "dist", "main.js");

interface Interval {
  readonly low: number;
  readonly high: number;
}

interface Run {
  readonly title: string;
  readonly planned: Interval;
  readonly tookMs: number;
}

await using folder = await benchFolder();
const servers = await startServers(["mongodb-rs", "mysql", "mariadb"]);
const runs: Run[] = [];
try {
  for (const size of sizes) {
    await using client = await MongoClient.connect(servers["mongodb-rs"].url, { directConnection: true });
    await client.db(DATABASE).dropDatabase();
    await fillMessages(servers["mongodb-rs"].url, size);
    for (const target of ["mysql", "mariadb"] as const)
      for (const isBusy of [false, true]) {
        const title = `${size.toLocaleString("en-US")} to ${target}${isBusy ? ", busy" : ""}`;
        process.stderr.write(`bench: ${title}\n`);
        const busy = isBusy ? spawn(process.execPath, ["-e", "for (;;);"]) : undefined;
        try {
          runs.push({ title, ...(await planAndMove(servers[target].url)) });
        } finally {
          busy?.kill();
        }
      }
  }
} finally {
  await servers.stopAll();
}
process.stdout.write(report());

async function planAndMove(serverUrl: string): Promise<Omit<Run, "title">> {
  const connection = await createConnection({ uri: serverUrl });
  await connection.query(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await connection.query(`CREATE DATABASE ${DATABASE}`);
  await connection.end();
  const place: BenchPlace = {
    archive: join(folder.path, "archive"),
    mongodbUrl: `${servers["mongodb-rs"].url}/${DATABASE}?directConnection=true`,
    mysqlUrl: `${serverUrl}/${DATABASE}`,
  };
  await rm(place.archive, { recursive: true, force: true });
  await settle(serverUrl);
  const { stdout } = await measureProcess({
    title: "plan",
    command: [
      process.execPath,
      commandLine,
      "plan",
      "--json",
      "--archive",
      place.archive,
      "--probe",
      "bench_probe",
    ],
    env: { FIREBREAK_MONGODB_URL: place.mongodbUrl, FIREBREAK_MYSQL_URL: place.mysqlUrl },
  });
  const summary = JSON.parse(stdout.trim().split("\n").at(-1)!) as { estimate: { fullRunMs: Interval } };
  let tookMs = 0;
  for (const step of STEPS) {
    await settle(serverUrl);
    tookMs += (await measureStep(step, place)).wallSeconds * 1000;
  }
  return { planned: summary.estimate.fullRunMs, tookMs };
}

function report(): string {
  const seconds = (ms: number): string => (ms / 1000).toFixed(1);
  const isIn = ({ planned, tookMs }: Run): boolean => tookMs >= planned.low && tookMs <= planned.high;
  const isNarrow = ({ planned }: Run): boolean => planned.high <= planned.low * MOST_RATIO;
  const hits = runs.filter(isIn).length;
  if (hits < runs.length * GOAL || !runs.every(isNarrow)) process.exitCode = 1;
  const rows = runs.map((run) => [
    run.title,
    seconds(run.planned.low),
    seconds(run.planned.high),
    seconds(run.tookMs),
    isIn(run) ? "yes" : "NO",
  ]);
  const head = ["messages", "planned, s", "to", "took", "contained"];
  return `\n${textTable([head, ...rows])}${hits} of ${runs.length} are in their interval (at least ${GOAL * 100} %)\n`;
}
