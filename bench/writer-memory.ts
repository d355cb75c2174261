/** Exports a million messages while as many as possible of them are edited; fails when that takes 400 MiB or more. */
import { join } from "node:path";
import { MongoClient, type Collection } from "mongodb";
import { startServers } from "../scripts/servers/servers.ts";
import { benchFolder, messageCountFrom } from "./bench-folder.ts";
import { COLLECTION, DATABASE, fillMessages } from "./fill-messages.ts";
import { measureStep } from "./four-steps.ts";
import { PEAK_GOAL_MIB } from "./step-table.ts";

const EDITS_AT_ONCE = 1000;
const messageCount = messageCountFrom(1_000_000);

/** Edits messages, a stretch of them at a time, until it is told to stop; returns how many edits there were. */
async function edit(messages: Collection, signal: AbortSignal): Promise<number> {
  let edits = 0;
  for (let round = 1; !signal.aborted; round++) {
    const ids = messages.find({}, { projection: { _id: 1 }, batchSize: EDITS_AT_ONCE });
    let batch: unknown[] = [];
    for await (const { _id } of ids) {
      batch.push(_id);
      if (batch.length < EDITS_AT_ONCE) continue;
      const filter = { _id: { $in: batch as never[] } };
      edits += (await messages.updateMany(filter, { $set: { _line: round } })).modifiedCount;
      batch = [];
      if (signal.aborted) break;
    }
  }
  return edits;
}

await using folder = await benchFolder();
const servers = await startServers(["mongodb-rs"]);
try {
  const { url } = servers["mongodb-rs"];
  await fillMessages(url, messageCount);
  await using client = await MongoClient.connect(url, { directConnection: true });
  const stop = new AbortController();
  const editing = edit(client.db(DATABASE).collection(COLLECTION), stop.signal);
  editing.catch(() => undefined);
  const { wallSeconds, cpuSeconds, peakMib } = await measureStep("export", {
    archive: join(folder.path, "archive"),
    mongodbUrl: `${url}/${DATABASE}?directConnection=true`,
    mysqlUrl: "",
  }).finally(() => stop.abort());
  const figures = `${wallSeconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} CPU s, peak ${peakMib?.toFixed(0) ?? "?"} MiB`;
  process.stdout.write(
    `export of ${messageCount} messages while ${await editing} edits were made: ${figures}\n`,
  );
  if (peakMib !== undefined && peakMib >= PEAK_GOAL_MIB) process.exitCode = 1;
} finally {
  await servers.stopAll();
}
