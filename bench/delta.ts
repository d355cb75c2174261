/**
 * Changes 1 % of chat sites of two sizes, and takes the last delta through its steps, beside the full archive. Fails
 * where the delta costs more than its part of the full move, or a process takes 400 MiB or more.
 *
 *     node bench/delta.ts [SMALL LARGE]      # messages; 100000 and 400000 unless given
 *
 * FIREBREAK_BENCH_POOL_MIB is the memory that MySQL has for data, 512 unless set. The larger site does not fit into
 * that, so the server reads many pages from the disk again.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  Binary,
  Int32,
  Long,
  MongoClient,
  type AnyBulkWriteOperation,
  type Db,
  type Document,
} from "mongodb";
import { createConnection } from "mysql2/promise";
import { chatSite, fillHybridSite, fillServer, type ChatSiteOptions } from "../fixtures/src/index.ts";
import { startMysql } from "../scripts/servers/mysqld.ts";
import type { Server } from "../scripts/servers/server.ts";
import { startServers } from "../scripts/servers/servers.ts";
import { benchFolder } from "./bench-folder.ts";
import { measureProcess } from "./measure-process.ts";
import { settle } from "./settle.ts";
import { PEAK_GOAL_MIB } from "./step-table.ts";
import { textTable } from "./text-table.ts";

const commandLine = join(import.meta.dirname, "..", "packages", "cli", "dist", "main.js");
const [small = 100_000, large = 400_000] = process.argv.slice(2).map(Number);
/** The part of the messages that is edited; as many are recalled, deleted and new. */
const PART = 0.0025;
/** A recalled message has this content type. */
const RECALLED = 80;
const TICKS_PER_SECOND = 100;
const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

/** The seconds of CPU that the steps of one site took, those of the server included. */
interface SiteFigures {
  readonly messages: number;
  readonly changed: number;
  readonly transform: number;
  readonly deltaTransform: number;
  readonly loadAndProof: number;
  readonly deltaLoadAndProof: number;
  readonly peakMib: number;
}

await using folder = await benchFolder();
const servers = await startServers(["mongodb-rs"]);
const bufferPoolMib = Number(process.env["FIREBREAK_BENCH_POOL_MIB"] ?? 512);
const mysql = await startMysql({ dir: join(folder.path, "mysql"), hasBinaryLog: true, bufferPoolMib });
try {
  const sizes = [small, large];
  const figures: SiteFigures[] = [];
  // As many changes on the larger site as on the smaller show what the size alone costs.
  figures.push(await measureSite("small", sizes[0]!, sizes[0]! * PART));
  figures.push(await measureSite("same", sizes[1]!, sizes[0]! * PART));
  figures.push(await measureSite("large", sizes[1]!, sizes[1]! * PART));
  process.stdout.write(report(figures));
} finally {
  await mysql.stop();
  await servers.stopAll();
}

async function measureSite(name: string, messageCount: number, each: number): Promise<SiteFigures> {
  const site: ChatSiteOptions = { seed: 1, messageCount, jvmZone: "Asia/Shanghai" };
  say(`filling a site of ${messageCount.toLocaleString("en-US")} messages`);
  await using mongodb = await MongoClient.connect(servers["mongodb-rs"].url, { directConnection: true });
  const connection = await createConnection({ uri: mysql.url, charset: "utf8mb4" });
  const [source, target] = [`${name}_source`, `${name}_target`];
  await connection.query("CREATE DATABASE ??", [source]);
  await connection.query("USE ??", [source]);
  await fillHybridSite(connection, mongodb.db(source), site);
  await connection.query("CREATE DATABASE ??", [target]);
  await connection.query("USE ??", [target]);
  await fillServer(connection, site);
  await connection.end();
  const at = (file: string): string => join(folder.path, name, file);
  await mkdir(at("site"), { recursive: true });
  await writeSite(at("site"), source);
  const env = {
    FIREBREAK_MONGODB_URL: `${servers["mongodb-rs"].url}/${source}?directConnection=true`,
    FIREBREAK_MYSQL_URL: `${mysql.url}/${target}`,
  };
  let peakMib = 0;
  const run = async (...args: readonly string[]): Promise<number> => {
    await settle(mysql.url);
    const before = await cpuSecondsOf(mysql);
    const figures = await measureProcess({
      title: args[0]!,
      command: [process.execPath, commandLine, ...args, "--quiet"],
      env,
      // The dirt of the site is in quarantine.
      goodCodes: [0, 3],
    });
    peakMib = Math.max(peakMib, figures.peakMib ?? 0);
    const seconds = figures.cpuSeconds + (await cpuSecondsOf(mysql)) - before;
    say(
      `${name} ${args.slice(0, 3).join(" ")}: ${seconds.toFixed(2)} s of CPU, ${figures.peakMib?.toFixed(0)} MiB`,
    );
    return seconds;
  };
  await run("export", "--archive", at("full"), "--include", `${source}.*`);
  await run("inspect", "--target-facts", at("facts.json"));
  const profile = ["--profile", "wildfirechat", "--site", at("site"), "--target-facts", at("facts.json")];
  const options = ["zone=Asia/Shanghai", "sessionTimezone=UTC", "retention=all"].flatMap((o) => [
    "--profile-option",
    o,
  ]);
  const transform = await run("transform", "--archive", at("full"), ...profile, ...options);
  const load = await run("load", "--archive", at("full"), "--yes");
  const proof = await run("checksum", "--archive", at("full"));
  const changed = await change(mongodb.db(source), site, each);
  await run("export", "--archive", at("delta"), "--delta-from", at("full"));
  const deltaTransform = await run("transform", "--archive", at("delta"));
  const deltaLoad = await run("load", "--archive", at("delta"), "--yes");
  const deltaProof = await run("checksum", "--archive", at("delta"), "--only-since-last");
  return {
    messages: messageCount,
    changed,
    transform,
    deltaTransform,
    loadAndProof: load + proof,
    deltaLoadAndProof: deltaLoad + deltaProof,
    peakMib,
  };
}

/** Edits, recalls and deletes messages that lie evenly among all, and sends as many new ones. */
async function change(db: Db, options: ChatSiteOptions, each: number): Promise<number> {
  const messages = [...chatSite(options).hybridMessages()].filter((m) => m.fate.kind === "carried");
  const step = Math.max(4, Math.floor(messages.length / each));
  const writes = Map.groupBy(
    messages.flatMap(({ collection, document }, i) => {
      const write = writeOf(document, i % step);
      return write === undefined ? [] : [{ collection, write }];
    }),
    ({ collection }) => collection,
  );
  let changed = 0;
  for (const [collection, of] of writes) {
    await db.collection(collection).bulkWrite(
      of.map(({ write }) => write),
      { ordered: false },
    );
    changed += of.length;
  }
  return changed;
}

function writeOf(document: Document, turn: number): AnyBulkWriteOperation | undefined {
  const filter = { _id: document["_id"] };
  const data = new Binary(Buffer.from([0x08, 0x01, 0x12, 0x03, 0x6e, 0x65, 0x77]));
  switch (turn) {
    case 0:
      return { updateOne: { filter, update: { $set: { _data: data } } } };
    case 1:
      return { updateOne: { filter, update: { $set: { _content_type: new Int32(RECALLED) } } } };
    case 2:
      return { deleteOne: { filter } };
    case 3: {
      // The same moment, so the same shard; the lowest bits of an id are a number within it.
      const copy: Document = {
        ...document,
        _id: Long.fromBigInt(BigInt(String(document["_id"])) ^ 1n),
        _data: data,
      };
      return { insertOne: { document: copy } };
    }
    default:
      return undefined;
  }
}

async function cpuSecondsOf({ pid }: Server): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // utime and stime (proc(5)).
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

async function writeSite(path: string, database: string): Promise<void> {
  const configuration = ["embed.db 0", `mongodb.database ${database}`, "mongodb.data_expire_days 20000"];
  await writeFile(join(path, "wildfirechat.conf"), `${configuration.join("\n")}\n`);
  await writeFile(
    join(path, "c3p0-config.xml"),
    `<c><property name="jdbcUrl">jdbc:mysql://localhost/${database}?serverTimezone=GMT+8</property></c>\n`,
  );
}

function report([onSmall, same, onLarge]: readonly SiteFigures[]): string {
  const goals = [
    goal("transform of the delta, small site", onSmall!.deltaTransform / onSmall!.transform, 0.1),
    goal("transform of the delta, large site", onLarge!.deltaTransform / onLarge!.transform, 0.06),
    goal("the same changes on the large site", same!.deltaTransform / onSmall!.deltaTransform, 1.5),
    goal("load and proof, large site", onLarge!.deltaLoadAndProof / onLarge!.loadAndProof, 0.06),
    goal(
      `greatest process, of ${PEAK_GOAL_MIB} MiB`,
      Math.max(...[onSmall!, same!, onLarge!].map((f) => f.peakMib)) / PEAK_GOAL_MIB,
      1,
    ),
  ];
  if (goals.some(({ isMet }) => !isMet)) process.exitCode = 1;
  const rows = goals.map(({ what, ratio, most, isMet }) => [
    what,
    ratio.toFixed(3),
    String(most),
    isMet ? "yes" : "NO",
  ]);
  return `\n${textTable([["CPU of the delta beside the full archive", "ratio", "at most", "met"], ...rows])}`;
}

function goal(what: string, ratio: number, most: number) {
  return { what, ratio, most, isMet: ratio <= most };
}
