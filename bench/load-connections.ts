/**
 * Loads the same messages on 1 and 2 connections, beside the stock client: plain
 * files into a table that has its indexes, plain files with the indexes made
 * afterwards as we do, and that with the parts as they lie on disk, behind zstd.
 */
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

  const ways = {
    "indexed table": { isPiped: false, indexes: "before" },
    "indexes after": { isPiped: false, indexes: "after" },
    "behind zstd": { isPiped: true, indexes: "after" },
  } as const;
  const stock = (connections: number, way: keyof typeof ways): Promise<number> =>
    loadFloorSeconds({
      ...ways[way],
      manifest,
      folder: mysqlFolder,
      plainFolder: join(folder.path, "plain"),
      connections,
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

  const names = Object.keys(ways) as (keyof typeof ways)[];
  const rows = [
    ["connections", "load s", ...names.flatMap((name) => [`client, ${name} s`, "ratio", `>= ${GOAL}`])],
  ];
  for (const connections of [1, 2]) {
    const best = new Map<string, number>();
    const measure = async (name: string, run: () => Promise<number>): Promise<void> => {
      await settle(server.url);
      best.set(name, Math.min(best.get(name) ?? Infinity, await run()));
    };
    // In turns, so that a server that grows quicker or slower is to nobody's credit.
    for (let round = 0; round < ROUNDS; round++) {
      await measure("ours", () => ours(connections));
      for (const name of names) await measure(name, () => stock(connections, name));
    }
    const own = best.get("ours")!;
    const figures = names.flatMap((name) => {
      const ratio = best.get(name)! / own;
      return [best.get(name)!.toFixed(2), ratio.toFixed(2), ratio >= GOAL ? "yes" : "NO"];
    });
    rows.push([String(connections), own.toFixed(2), ...figures]);
  }
  process.stdout.write(
    `\n${server.title}, ${messageCount.toLocaleString("en-US")} messages\n\n${textTable(rows)}`,
  );
} finally {
  await servers.stopAll();
}
