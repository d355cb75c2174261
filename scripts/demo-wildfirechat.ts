import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { createConnection } from "mysql2/promise";
import { chatSiteSizes, fillHybridSite } from "../fixtures/src/index.ts";
import type { DemoRun } from "./demo-run.ts";
import { projectFolder, type DemoStep } from "./demo-steps.ts";
import { say } from "./servers/say.ts";

const seed = 1;
const jvmZone = "Asia/Shanghai";
const folder = join(".demo", "wildfirechat");

export interface WildfirechatDemo {
  readonly mongodbUrl: string;
  readonly mysqlUrl: string;
  readonly database: string;
  readonly messageCount: number;
}

/** A quarter of size S: a rehearsal of about a minute. */
export const wildfirechatMessageCount: number = chatSiteSizes.S / 4;

/**
 * Fills a WildfireChat site that keeps its messages in MongoDB and the rest in
 * MySQL, dirt included, and takes it to MySQL alone. Returns the exit code of the
 * step that failed, else 0: that dirt is in quarantine is what is to be seen.
 */
export async function wildfirechatDemo(run: DemoRun, demo: WildfirechatDemo): Promise<number> {
  const { mongodbUrl, mysqlUrl, database, messageCount } = demo;
  await using mongodb = await new MongoClient(mongodbUrl).connect();
  const mysql = await createConnection({ uri: mysqlUrl, charset: "utf8mb4" });
  try {
    await mysql.query("CREATE DATABASE ??", [database]);
    await mysql.query("USE ??", [database]);
    say(`filling a hybrid WildfireChat site of ${messageCount} messages over 37 months, dirt included`);
    await fillHybridSite(mysql, mongodb.db(database), { seed, messageCount, jvmZone });
  } finally {
    mysql.destroy();
  }
  await rm(join(projectFolder, folder), { recursive: true, force: true });
  await writeSite(join(projectFolder, folder, "site"), database);
  const { exitCode } = await run.steps(wildfirechatSteps(demo));
  if (exitCode !== 3) return exitCode;
  say(
    `every message is accounted for; the dirt that was planted is in ${join(folder, "archive", "mysql", "quarantine")}`,
  );
  return 0;
}

/** The two files of a server that name its databases, without passwords. */
async function writeSite(site: string, database: string): Promise<void> {
  await mkdir(site, { recursive: true });
  const configuration = [
    "embed.db 0",
    "db.save_messages_in_mongodb true",
    `mongodb.database ${database}`,
    "mongodb.data_expire_days 1096",
  ];
  await writeFile(join(site, "wildfirechat.conf"), `${configuration.join("\n")}\n`);
  const url = `jdbc:mysql://127.0.0.1:3306/${database}?useSSL=false&amp;serverTimezone=GMT+8`;
  await writeFile(
    join(site, "c3p0-config.xml"),
    `<c3p0-config><default-config><property name="jdbcUrl">${url}</property></default-config></c3p0-config>\n`,
  );
}

function wildfirechatSteps({ mongodbUrl, mysqlUrl, database }: WildfirechatDemo): DemoStep[] {
  const args = ["--archive", join(folder, "archive")];
  const facts = join(folder, "facts.json");
  const include = ["--include", `${database}.*`];
  const mongodb = { FIREBREAK_MONGODB_URL: mongodbUrl };
  const mysql = { FIREBREAK_MYSQL_URL: `${mysqlUrl}/${database}` };
  return [
    {
      verb: "export",
      says: "backs up MySQL, which the messages are to go to",
      args: ["--archive", join(folder, "backup"), "--source", "mysql", ...include],
      env: mysql,
    },
    {
      verb: "export",
      says: "reads MongoDB and writes every document, exactly, into the archive: the other backup",
      args: [...args, ...include],
      env: mongodb,
    },
    {
      verb: "inspect",
      says: "writes what the server's own tables in MySQL are like to a small file",
      args: ["--target-facts", facts],
      env: mysql,
    },
    {
      verb: "transform",
      says: "makes rows of the server's tables, with no database in reach",
      args: [
        ...args,
        "--profile",
        "wildfirechat",
        "--site",
        join(folder, "site"),
        "--target-facts",
        facts,
        "--profile-option",
        "sessionTimezone=UTC",
      ],
      env: {},
    },
    {
      verb: "load",
      says: "loads the rows into the server's own tables, each part exactly once",
      args: [...args, "--yes"],
      env: mysql,
    },
    {
      verb: "checksum",
      says: "has MySQL compute the digests of its rows and compares them with the archive's",
      args,
      env: mysql,
    },
  ];
}
