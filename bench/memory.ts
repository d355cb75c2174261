/** Passes a generated chat log through the four steps and fails when one has 400 MiB of memory or more. */
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { MongoClient } from "mongodb";
import { fillChatLog } from "../fixtures/src/index.ts";
import { startServers } from "../scripts/servers/servers.ts";
import { benchFolder, messageCountFrom } from "./bench-folder.ts";
import { measureStep, STEPS } from "./four-steps.ts";
import { PEAK_GOAL_MIB } from "./step-table.ts";
import { textTable } from "./text-table.ts";

const DATABASE = "chat";
const messageCount = messageCountFrom(200_000);

await using folder = await benchFolder();
const servers = await startServers(["mongodb-rs", "mysql"]);
try {
  await using client = await MongoClient.connect(servers["mongodb-rs"].url, { directConnection: true });
  const documentCounts = await fillChatLog(client.db(DATABASE), { seed: 1, messageCount });
  const connection = await createConnection({ uri: servers.mysql.url });
  await connection.query(`CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4`);
  await connection.end();

  const rows: string[][] = [["step", "s", "CPU s", "peak MiB"]];
  let isMet = true;
  for (const step of STEPS) {
    const { wallSeconds, cpuSeconds, peakMib } = await measureStep(step, {
      archive: join(folder.path, "archive"),
      mongodbUrl: `${servers["mongodb-rs"].url}/${DATABASE}?directConnection=true`,
      mysqlUrl: `${servers.mysql.url}/${DATABASE}`,
    });
    isMet &&= peakMib === undefined || peakMib < PEAK_GOAL_MIB;
    rows.push([step, wallSeconds.toFixed(2), cpuSeconds.toFixed(2), peakMib?.toFixed(0) ?? "?"]);
  }
  process.stdout.write(`\nchat log: ${JSON.stringify(documentCounts)}\n${textTable(rows)}`);
  process.stdout.write(`every step under ${PEAK_GOAL_MIB} MiB: ${isMet ? "yes" : "NO"}\n`);
  if (!isMet) process.exitCode = 1;
} finally {
  await servers.stopAll();
}
