import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MongoBulkWriteError, MongoClient } from "mongodb";
import { createConnection } from "mysql2/promise";
import { MongoexportFileError } from "../fixtures/src/index.ts";
import { accountText, checksumSummary, demoAccount, isAccountedFor } from "./demo-account.ts";
import { DemoRun } from "./demo-run.ts";
import { DemoUsageError, demoSource, fillSource, type DemoSource, type PlainSource } from "./demo-source.ts";
import { demoSteps, projectFolder } from "./demo-steps.ts";
import { wildfirechatDemo, wildfirechatMessageCount } from "./demo-wildfirechat.ts";
import { onEndingSignal } from "./servers/ending-signals.ts";
import { say, sayError } from "./servers/say.ts";
import type { Server } from "./servers/server.ts";
import { startServers } from "./servers/servers.ts";

const usage = `./scripts/demo.sh [--keep] [wildfirechat | FILE.json …]

Moves a generated chat log, or your own mongoexport files, from a MongoDB to a
MySQL of its own, in the four steps you would take with your databases; or a
generated WildfireChat site from MySQL + MongoDB to MySQL alone.

  --keep                      leave the two servers running at the end, until Ctrl-C
  FIREBREAK_DEMO_MESSAGES=N   messages in the generated log (20000; of wildfirechat ${wildfirechatMessageCount})
`;

const database = "demo";
const archive = join(".demo", "archive");

interface DemoServers {
  readonly mongodb: Server;
  readonly mysql: Server;
}

const run = new DemoRun();

async function main(): Promise<number> {
  const { isHelp, isKept, files } = readArgs();
  if (isHelp) {
    process.stdout.write(usage);
    return 0;
  }
  const source = await demoSource(files, process.env["FIREBREAK_DEMO_MESSAGES"]);
  say("starting a MongoDB (replica set) and a MySQL of the demo's own");
  const servers = await startServers(["mongodb-rs", "mysql"]);
  // A terminal's Ctrl-C reaches the running step as well; a signal sent to this process alone does not.
  onEndingSignal(() => run.end());
  try {
    const exitCode = await demo({ mongodb: servers["mongodb-rs"], mysql: servers.mysql }, source);
    await sayWhereToLook({ mongodb: servers["mongodb-rs"], mysql: servers.mysql }, isKept);
    return exitCode;
  } finally {
    if (!run.isEnding) await servers.stopAll();
  }
}

function readArgs(): { isHelp: boolean; isKept: boolean; files: string[] } {
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { keep: flag, help: flag },
    });
    return { isHelp: values.help, isKept: values.keep, files: positionals };
  } catch (error) {
    throw new DemoUsageError(`${(error as Error).message}\n${usage}`);
  }
}

async function demo(servers: DemoServers, source: DemoSource): Promise<number> {
  if (source.kind !== "wildfirechat") return plainDemo(servers, source);
  const { mongodb, mysql } = servers;
  const { messageCount } = source;
  return wildfirechatDemo(run, { mongodbUrl: mongodb.url, mysqlUrl: mysql.url, database, messageCount });
}

async function plainDemo(servers: DemoServers, source: PlainSource): Promise<number> {
  await using mongodb = await new MongoClient(servers.mongodb.url).connect();
  say(
    `filling MongoDB with ${source.kind === "files" ? "your files" : `a chat log of ${source.messageCount} messages`}`,
  );
  for (const [name, documentCount] of await fillSource(source, mongodb.db(database))) {
    say(`  ${database}.${name}: ${documentCount} documents`);
  }
  const mysql = await createConnection({ uri: servers.mysql.url });
  try {
    await mysql.query("CREATE DATABASE ??", [database]);
    await mysql.query("USE ??", [database]);
    await emptyArchive();
    const mysqlUrl = `${servers.mysql.url}/${database}`;
    const steps = demoSteps({ database, archive, mongodbUrl: servers.mongodb.url, mysqlUrl });
    const { exitCode, lastVerb } = await run.steps(steps);
    const checksum = steps.at(-1);
    if (lastVerb !== "checksum" || checksum === undefined) return exitCode;
    const account = await demoAccount(
      checksumSummary(await run.jsonOf(checksum)),
      mongodb.db(database),
      mysql,
    );
    say("the account, documents and rows counted anew in both databases:");
    process.stdout.write(accountText(account));
    if (exitCode !== 0 || account.every(isAccountedFor)) return exitCode;
    say("the steps found nothing wrong, and yet the account does not come out even: please report this");
    return 1;
  } finally {
    mysql.destroy();
  }
}

async function emptyArchive(): Promise<void> {
  // What load keeps beside the archive tells of a MySQL that is gone.
  for (const folder of [archive, `${archive}.work`]) {
    await rm(join(projectFolder, folder), { recursive: true, force: true });
  }
}

async function sayWhereToLook({ mongodb, mysql }: DemoServers, isKept: boolean): Promise<void> {
  say(`what the demo made is in ${join(projectFolder, ".demo")}`);
  if (!isKept) {
    say(
      "the servers stop now and their data goes with them; --keep leaves them running to look at the tables",
    );
    return;
  }
  const client = join(mysql.clientFolder ?? "", "mysql");
  say(`${mongodb.title}: ${mongodb.url}/${database} (log: ${mongodb.logFile})`);
  say(`${mysql.title}: ${mysql.url}/${database} (log: ${mysql.logFile})`);
  say(`  $ ${client} --no-defaults --host=127.0.0.1 --port=${mysql.port} --user=root ${database}`);
  say("they run until Ctrl-C; their data goes with them");
  await forever();
}

/** The handler of the signal ends the process. */
function forever(): Promise<never> {
  return new Promise(() => undefined);
}

try {
  process.exitCode = await main();
} catch (error) {
  // Whatever fails while the servers go down under it fails because of that.
  if (run.isEnding) await forever();
  if (error instanceof DemoUsageError || error instanceof MongoexportFileError) {
    say(error.message);
    process.exitCode = 2;
  } else if (error instanceof MongoBulkWriteError) {
    say(`MongoDB refused a document: ${error.message}`);
    process.exitCode = 2;
  } else {
    sayError(error);
    process.exitCode = 1;
  }
}
