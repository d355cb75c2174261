/** Changes half of a collection, takes the two kinds of delta through every step, and fails when one has 400 MiB of memory or more. */
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

  say("changing half of them");
  await changeHalf(url);
  const delta = ["--archive", at("delta")];
  await measure("delta by change stream", ["export", ...delta, "--delta-from", at("full")]);
  await measure("its transform", ["transform", ...delta]);
  await measure("its load", ["load", ...delta]);
  await measure("its checksum", ["checksum", ...delta]);
  await measure("compact", ["compact", ...delta, "--out", at("compact")]);
  const compared = ["--archive", at("compared"), "--delta-from", at("full"), "--by-comparison"];
  await measure("delta by comparison", ["export", ...compared]);
  process.stdout.write(
    `\n${textTable(rows)}every step under ${PEAK_GOAL_MIB} MiB: ${isMet ? "yes" : "NO"}\n`,
  );
  if (!isMet) process.exitCode = 1;
} finally {
  await servers.stopAll();
}

/** Every second document, so that the changes are all over the collection. */
async function changeHalf(url: string): Promise<void> {
  await using client = await MongoClient.connect(url, { directConnection: true });
  const isOdd = { $expr: { $eq: [{ $mod: ["$_id", 2] }, 1] } };
  await client
    .db(DATABASE)
    .collection(COLLECTION)
    .updateMany(isOdd, { $set: { _edited: true } });
}
