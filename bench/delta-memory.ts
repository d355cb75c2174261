/**
 * Changes two of five documents of a collection, takes each kind of delta through every step into MySQL, and then
 * back from MySQL into MongoDB. Fails where a step ends otherwise than equal, or has 400 MiB of memory or more.
 *
 *     FIREBREAK_BENCH_MESSAGES=5000000 node bench/delta-memory.ts    # a million unless set
 */
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { createConnection } from "mysql2/promise";
import { startServers } from "../scripts/servers/servers.ts";
import { benchFolder, messageCountFrom } from "./bench-folder.ts";
import { COLLECTION, DATABASE, fillMessages } from "./fill-messages.ts";
import { measureProcess } from "./measure-process.ts";
import { PEAK_GOAL_MIB } from "./step-table.ts";
import { textTable } from "./text-table.ts";

const messageCount = messageCountFrom(1_000_000);
const commandLine = join(import.meta.dirname, "..", "packages", "cli", "dist", "main.js");
const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

await using folder = await benchFolder();
const servers = await startServers(["mongodb-rs", "mysql"]);
try {
  const { url } = servers["mongodb-rs"];
  const at = (name: string): string => join(folder.path, name);
  const env = {
    FIREBREAK_MONGODB_URL: `${url}/${DATABASE}?directConnection=true`,
    FIREBREAK_MYSQL_URL: `${servers.mysql.url}/${DATABASE}`,
  };
  const rows: string[][] = [["step", "s", "CPU s", "peak MiB"]];
  let isMet = true;
  const measure = async (title: string, args: readonly string[]): Promise<void> => {
    say(title);
    const { wallSeconds, cpuSeconds, peakMib } = await measureProcess({
      title,
      command: [process.execPath, commandLine, ...args, "--quiet"],
      env,
    });
    isMet &&= peakMib === undefined || peakMib < PEAK_GOAL_MIB;
    rows.push([title, wallSeconds.toFixed(2), cpuSeconds.toFixed(2), peakMib?.toFixed(0) ?? "?"]);
    say(rows.at(-1)!.join("  "));
  };

  say(`filling MongoDB with ${messageCount.toLocaleString("en-US")} messages`);
  await fillMessages(url, messageCount);
  const connection = await createConnection({ uri: servers.mysql.url });
  await connection.query(`CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4`);
  await connection.end();
  const full = ["--archive", at("full")];
  await measure("full export", ["export", ...full]);
  await measure("its transform", ["transform", ...full]);
  await measure("its load", ["load", ...full]);
  await measure("its checksum", ["checksum", ...full]);

  /** Takes a delta from an archive through the steps, and compares the whole target at the end. */
  const takeDelta = async (
    title: string,
    [from, name]: readonly [string, string],
    ...flags: readonly string[]
  ): Promise<void> => {
    const delta = ["--archive", at(name)];
    await measure(title, ["export", ...delta, "--delta-from", at(from), ...flags]);
    await measure("its transform", ["transform", ...delta]);
    await measure("its load", ["load", ...delta]);
    await measure("its checksum", ["checksum", ...delta]);
  };
  say("changing two of five");
  await changeDocuments(url, 1);
  await takeDelta("delta by change stream", ["full", "streamed"]);
  say("changing them again");
  await changeDocuments(url, 2);
  await takeDelta("delta by comparison", ["streamed", "compared"], "--by-comparison");
  await measure("compact", ["compact", "--archive", at("compared"), "--out", at("compact")]);

  env.FIREBREAK_MONGODB_URL = `${url}/${DATABASE}_back?directConnection=true`;
  const back = ["--archive", at("back")];
  await measure("full export of MySQL", ["export", "--source", "mysql", ...back]);
  await measure("its transform", ["transform", ...back]);
  await measure("its load", ["load", ...back]);
  say("changing two of five rows");
  await changeRows(servers.mysql.url);
  await takeDelta("delta of MySQL by comparison", ["back", "back-1"], "--source", "mysql");
  process.stdout.write(
    `\n${textTable(rows)}every step under ${PEAK_GOAL_MIB} MiB: ${isMet ? "yes" : "NO"}\n`,
  );
  if (!isMet) process.exitCode = 1;
} finally {
  await servers.stopAll();
}

/** Changes documents that lie all over the collection. */
async function changeDocuments(url: string, edited: number): Promise<void> {
  await using client = await MongoClient.connect(url, { directConnection: true });
  const areTwoOfFive = { $expr: { $in: [{ $mod: ["$_id", 5] }, [1, 3]] } };
  await client
    .db(DATABASE)
    .collection(COLLECTION)
    .updateMany(areTwoOfFive, { $set: { _edited: edited } });
}

async function changeRows(url: string): Promise<void> {
  const connection = await createConnection({ uri: `${url}/${DATABASE}` });
  await connection.query(`UPDATE ${COLLECTION} SET _dt = _dt + INTERVAL 1 SECOND WHERE _id % 5 IN (1, 3)`);
  await connection.end();
}
