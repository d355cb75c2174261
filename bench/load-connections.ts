/** Loads the same messages on 1 and 2 connections, beside the stock client with plain files and behind zstd. */
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { MongoClient } from "mongodb";
import { benchMessages, fillCollection } from "../fixtures/src/index.ts";
import { readMysqlManifest } from "../packages/archive/dist/index.js";
import { startServers } from "../scripts/servers/servers.ts";
import { benchFolder, messageCountFrom } from "./bench-folder.ts";
import { loadFloorSeconds } from "./floor-load.ts";
import { measureStep } from "./four-steps.ts";
import { settle } from "./settle.ts";
import { textTable } from "./text-table.ts";

const DATABASE = "bench";
const GOAL = 0.9;
const ROUNDS = 2;
const messageCount = messageCountFrom(1_000_000);
const target = process.env["FIREBREAK_BENCH_TARGET"] === "mariadb" ? "mariadb" : "mysql";

await using folder = await benchFolder();
const servers = await startServers(["mongodb-rs", target]);
try {
  const source = servers["mongodb-rs"].url;
  const server = servers[target];
  await using client = await MongoClient.connect(source, { directConnection: true });
  await fillCollection(
    client.db(DATABASE).collection("messages"),
    benchMessages({ seed: 1, count: messageCount }),
  );
  const place = {
    archive: join(folder.path, "archive"),
    mongodbUrl: `${source}/${DATABASE}?directConnection=true`,
    mysqlUrl: `${server.url}/${DATABASE}`,
  };
  await measureStep("export", place);
  await measureStep("transform", place);
  const mysqlFolder = join(place.archive, "mysql");
  const { manifest } = await readMysqlManifest(mysqlFolder);

  const stock = (connections: number, isPiped: boolean): Promise<number> =>
    loadFloorSeconds({
      manifest,
      folder: mysqlFolder,
      plainFolder: join(folder.path, "plain"),
      connections,
      isPiped,
      url: server.url,
      database: `${DATABASE}_floor`,
      client: join(server.clientFolder ?? "", target === "mysql" ? "mysql" : "mariadb"),
    });
  const ours = async (connections: number): Promise<number> => {
    const connection = await createConnection({ uri: server.url });
    await connection.query(`DROP DATABASE IF EXISTS ${DATABASE}`);
    await connection.query(`CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4`);
    await connection.end();
    return (await measureStep("load", place, ["--jobs", String(connections)])).wallSeconds;
  };

  const rows = [
    ["connections", "load s", "client s", "ratio", "client behind zstd s", "ratio", `>= ${GOAL}`],
  ];
  for (const connections of [1, 2]) {
    const best = { ours: Infinity, plain: Infinity, piped: Infinity };
    for (let round = 0; round < ROUNDS; round++) {
      await settle(server.url);
      best.plain = Math.min(best.plain, await stock(connections, false));
      await settle(server.url);
      best.ours = Math.min(best.ours, await ours(connections));
      await settle(server.url);
      best.piped = Math.min(best.piped, await stock(connections, true));
    }
    const ratios = [best.plain / best.ours, best.piped / best.ours] as const;
    rows.push([
      String(connections),
      best.ours.toFixed(2),
      best.plain.toFixed(2),
      ratios[0].toFixed(2),
      best.piped.toFixed(2),
      ratios[1].toFixed(2),
      ratios.map((r) => (r >= GOAL ? "yes" : "NO")).join(" / "),
    ]);
  }
  process.stdout.write(
    `\n${server.title}, ${messageCount.toLocaleString("en-US")} messages\n\n${textTable(rows)}`,
  );
} finally {
  await servers.stopAll();
}
