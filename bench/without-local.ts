import { createConnection } from "mysql2/promise";
import { benchMessages } from "../fixtures/src/index.ts";
import { csvRow } from "../packages/mysql-format/dist/index.js";
import { toByteText, type Column } from "../packages/archive/dist/index.js";
import {
  insertRows,
  loadData,
  MysqlSession,
  mysqlTarget,
  type SendRows,
} from "../packages/mysql/dist/index.js";
import { startServers } from "../scripts/servers/servers.ts";
import { bestInTurns, type Timed } from "./best-in-turns.ts";
import { messageCountFrom } from "./bench-folder.ts";
import { settle } from "./settle.ts";
import { textTable } from "./text-table.ts";

// What a load takes longer where the server forbids LOAD DATA LOCAL, on 1 and 2 connections, in one run:
//   node bench/without-local.ts          (FIREBREAK_BENCH_TARGET=mariadb for MariaDB)
// The factor that load's note gives is this ratio.

const DATABASE = "bench";
const ROUNDS = 3;
const PART_ROWS = 50_000;
const columns: readonly Column[] = [
  { name: "_id", sqlType: "bigint", form: "text" },
  { name: "_from", sqlType: "varchar(16)", form: "text" },
  { name: "_data", sqlType: "varbinary(400)", form: "binary" },
  { name: "_searchable_key", sqlType: "varchar(200)", form: "text" },
  { name: "_dt", sqlType: "datetime(3)", form: "text" },
  { name: "_type", sqlType: "int", form: "text" },
  { name: "_to", sqlType: "varchar(16)", form: "text" },
];

async function main(): Promise<void> {
  const kind = process.env["FIREBREAK_BENCH_TARGET"] === "mariadb" ? "mariadb" : "mysql";
  const parts = partsOf(messageCountFrom(200_000));
  const servers = await startServers([kind]);
  try {
    const { url, title } = servers[kind];
    const connection = await createConnection({ uri: url });
    await connection.query(`CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4`);
    await connection.end();
    const table = [["connections", "LOAD DATA s", "INSERT s", "times slower"]];
    for (const lanes of [1, 2]) {
      const { data, insert } = await bestInTurns(ROUNDS, {
        data: () => load(url, loadData, parts, lanes),
        insert: () => load(url, insertRows, parts, lanes),
      });
      const row = [data.wallSeconds, insert.wallSeconds, insert.wallSeconds / data.wallSeconds];
      table.push([String(lanes), ...row.map((figure) => figure.toFixed(2))]);
    }
    process.stdout.write(
      `\n${title}, ${parts.length * PART_ROWS} rows in parts of ${PART_ROWS}\n\n${textTable(table)}`,
    );
  } finally {
    await servers.stopAll();
  }
}

/** The CSV of each part. */
function partsOf(count: number): Buffer[] {
  const parts: Buffer[] = [];
  let rows: string[] = [];
  for (const m of benchMessages({ seed: 1, count: Math.ceil(count / PART_ROWS) * PART_ROWS })) {
    const cells = columns.map(({ name, form }) => {
      const value: unknown = m[name];
      if (value instanceof Date) return value.toISOString().replace("T", " ").replace("Z", "");
      if (form === "binary") return (value as { toString(encoding: "base64"): string }).toString("base64");
      return toByteText(String(value));
    });
    rows.push(csvRow(cells));
    if (rows.length === PART_ROWS) {
      parts.push(Buffer.from(rows.join(""), "latin1"));
      rows = [];
    }
  }
  return parts;
}

async function load(
  serverUrl: string,
  send: SendRows,
  parts: readonly Buffer[],
  lanes: number,
): Promise<Timed> {
  await settle(serverUrl);
  const target = mysqlTarget(`${serverUrl}/${DATABASE}`);
  const sessions = await Promise.all(Array.from({ length: lanes }, () => MysqlSession.open(target)));
  const definitions = columns.map((c) => `\`${c.name}\` ${c.sqlType}`).join(", ");
  await sessions[0]!.run(`CREATE TABLE messages (${definitions}, PRIMARY KEY (_id))`);
  const todo = [...parts];
  const startedAt = performance.now();
  await Promise.all(
    sessions.map(async (session) => {
      for (let part = todo.shift(); part !== undefined; part = todo.shift()) {
        await session.run("START TRANSACTION");
        const { records } = await send(
          session,
          { target: "messages", columns, file: "part" },
          blocksOf(part),
        );
        if (records !== PART_ROWS) throw new Error(`${records} of ${PART_ROWS} rows went in`);
        await session.run("COMMIT");
      }
    }),
  );
  const wallSeconds = (performance.now() - startedAt) / 1000;
  await sessions[0]!.run("DROP TABLE messages");
  await Promise.all(sessions.map((s) => s.close()));
  return { wallSeconds };
}

/** As a part is read: in blocks of 256 KiB. */
async function* blocksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 256 * 1024) yield bytes.subarray(at, at + 256 * 1024);
}

await main();
