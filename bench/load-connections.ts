/**
 * Loads the same messages on 1 and 2 connections, beside the stock client: the
 * parts as they lie on disk, behind zstd, and plain files that were made before;
 * into a table that has its indexes, and with the indexes made afterwards as we do.
 */
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { readMysqlManifest } from "../packages/archive/dist/index.js";
import { startServers } from "../scripts/servers/servers.ts";
import { bestInTurns, type Timed } from "./best-in-turns.ts";
import { benchFolder, messageCountFrom } from "./bench-folder.ts";
import { DATABASE, fillMessages } from "./fill-messages.ts";
import { loadFloorSeconds } from "./floor-load.ts";
import { measureStep } from "./four-steps.ts";
import { settle } from "./settle.ts";
import { textTable } from "./text-table.ts";

const GOAL = 0.9;
const ROUNDS = 3;
const messageCount = messageCountFrom(1_000_000);
const target = process.env["FIREBREAK_BENCH_TARGET"] === "mariadb" ? "mariadb" : "mysql";

await using folder = await benchFolder();
const servers = await startServers(["mongodb-rs", target]);
try {
  const source = servers["mongodb-rs"].url;
  const server = servers[target];
  await fillMessages(source, messageCount);
  const place = {
    archive: join(folder.path, "archive"),
    mongodbUrl: `${source}/${DATABASE}?directConnection=true`,
    mysqlUrl: `${server.url}/${DATABASE}`,
  };
  await measureStep("export", place);
  await measureStep("transform", place);
  const mysqlFolder = join(place.archive, "mysql");
  const { manifest } = await readMysqlManifest(mysqlFolder);

  const stock = async (
    connections: number,
    isPiped: boolean,
    indexes: "before" | "after",
  ): Promise<Timed> => {
    await settle(server.url);
    const wallSeconds = await loadFloorSeconds({
      isPiped,
      indexes,
      manifest,
      folder: mysqlFolder,
      plainFolder: join(folder.path, "plain"),
      connections,
      url: server.url,
      database: `${DATABASE}_floor`,
      client: join(server.clientFolder ?? "", target === "mysql" ? "mysql" : "mariadb"),
    });
    return { wallSeconds };
  };
  const ours = async (connections: number): Promise<Timed> => {
    const connection = await createConnection({ uri: server.url });
    await connection.query(`DROP DATABASE IF EXISTS ${DATABASE}`);
    await connection.query(`CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4`);
    await connection.end();
    await settle(server.url);
    return measureStep("load", place, ["--jobs", String(connections)]);
  };

  const rows = [["connections", "load s", "stock client", "s", "ratio", `>= ${GOAL}`]];
  for (const connections of [1, 2]) {
    const { own, ...clients } = await bestInTurns(ROUNDS, {
      own: () => ours(connections),
      "the same files (zstd), indexed table": () => stock(connections, true, "before"),
      "the same files (zstd), indexes after": () => stock(connections, true, "after"),
      "plain files, indexed table": () => stock(connections, false, "before"),
      "plain files, indexes after": () => stock(connections, false, "after"),
    });
    for (const [name, { wallSeconds }] of Object.entries(clients)) {
      const ratio = wallSeconds / own.wallSeconds;
      rows.push([
        String(connections),
        own.wallSeconds.toFixed(2),
        name,
        wallSeconds.toFixed(2),
        ratio.toFixed(2),
        ratio >= GOAL ? "yes" : "NO",
      ]);
    }
  }
  process.stdout.write(
    `\n${server.title}, ${messageCount.toLocaleString("en-US")} messages\n\n${textTable(rows)}`,
  );
} finally {
  await servers.stopAll();
}
