/** Takes a chat site of size M, a million messages, from the hybrid scheme to pure MySQL, each step measured. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { createConnection } from "mysql2/promise";
import { chatSiteSizes, fillHybridSite } from "../fixtures/src/index.ts";
import { startServers } from "../scripts/servers/servers.ts";
import { benchFolder, messageCountFrom } from "./bench-folder.ts";
import { measureProcess } from "./measure-process.ts";
import { PEAK_GOAL_MIB } from "./step-table.ts";
import { textTable } from "./text-table.ts";

const DATABASE = "site";
const messageCount = messageCountFrom(chatSiteSizes.M);
const commandLine = join(import.meta.dirname, "..", "packages", "cli", "dist", "main.js");
const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

await using folder = await benchFolder();
const servers = await startServers(["mongodb-rs", "mysql"]);
try {
  await using mongodb = await MongoClient.connect(servers["mongodb-rs"].url, { directConnection: true });
  const mysql = await createConnection({ uri: servers.mysql.url, charset: "utf8mb4" });
  await mysql.query("CREATE DATABASE ??", [DATABASE]);
  await mysql.query("USE ??", [DATABASE]);
  say(`filling a hybrid site of ${messageCount.toLocaleString("en-US")} messages`);
  const site = { seed: 1, messageCount, jvmZone: "Asia/Shanghai" } as const;
  await fillHybridSite(mysql, mongodb.db(DATABASE), site);
  await mysql.end();

  const archive = ["--archive", join(folder.path, "archive")];
  const facts = ["--target-facts", join(folder.path, "facts.json")];
  const profile = ["--profile", "wildfirechat", "--site", await writeSite(folder.path)];
  const env = {
    FIREBREAK_MONGODB_URL: `${servers["mongodb-rs"].url}/${DATABASE}?directConnection=true`,
    FIREBREAK_MYSQL_URL: `${servers.mysql.url}/${DATABASE}`,
  };
  const steps = [
    ["export", ...archive],
    ["inspect", ...facts],
    ["transform", ...archive, ...profile, ...facts, "--profile-option", "sessionTimezone=UTC"],
    ["load", ...archive, "--yes"],
    ["checksum", ...archive],
  ];
  const rows: string[][] = [["step", "s", "CPU s", "peak MiB"]];
  let isMet = true;
  for (const step of steps) {
    const { wallSeconds, cpuSeconds, peakMib } = await measureProcess({
      title: step[0]!,
      command: [process.execPath, commandLine, ...step, "--quiet"],
      env,
      // The dirt of the site is in quarantine.
      goodCodes: [0, 3],
    });
    isMet &&= peakMib === undefined || peakMib < PEAK_GOAL_MIB;
    rows.push([step[0]!, wallSeconds.toFixed(2), cpuSeconds.toFixed(2), peakMib?.toFixed(0) ?? "?"]);
    say(rows.at(-1)!.join("  "));
  }
  process.stdout.write(
    `\n${textTable(rows)}every step under ${PEAK_GOAL_MIB} MiB: ${isMet ? "yes" : "NO"}\n`,
  );
} finally {
  await servers.stopAll();
}

/** The two files of a server that say where its messages are, and in which zone. */
async function writeSite(parent: string): Promise<string> {
  const folderOfSite = join(parent, "site");
  await mkdir(folderOfSite);
  const configuration = [
    "embed.db 0",
    "db.save_messages_in_mongodb true",
    `mongodb.database ${DATABASE}`,
    "mongodb.data_expire_days 1096",
  ];
  await writeFile(join(folderOfSite, "wildfirechat.conf"), `${configuration.join("\n")}\n`);
  const url = `jdbc:mysql://127.0.0.1:3306/${DATABASE}?serverTimezone=GMT+8`;
  await writeFile(
    join(folderOfSite, "c3p0-config.xml"),
    `<c3p0-config><default-config><property name="jdbcUrl">${url}</property></default-config></c3p0-config>\n`,
  );
  return folderOfSite;
}
