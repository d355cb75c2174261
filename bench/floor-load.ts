import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { text } from "node:stream/consumers";
import { createZstdDecompress } from "node:zlib";
import { createConnection } from "mysql2/promise";
import { loadDataStatement, quoteIdentifier } from "../packages/mysql-format/dist/index.js";
import type { MysqlManifest } from "../packages/archive/dist/index.js";

export interface LoadFloorOptions {
  readonly manifest: MysqlManifest;
  /** Where transform wrote. */
  readonly folder: string;
  /** Gets the parts as plain files; whoever calls removes it. */
  readonly plainFolder: string;
  /** How many clients at once. */
  readonly connections: number;
  /** Whether each client gets its part from `zstd -dc`, as in load.sh; else the plain files are made before, and not counted. */
  readonly isPiped: boolean;
  /** When the secondary indexes are made: a table that has them is what most people load into, after the rows is quicker. */
  readonly indexes: "before" | "after";
  readonly url: string;
  readonly database: string;
  /** The stock client: `…/bin/mysql`. */
  readonly client: string;
}

/** One part for one client. */
interface ClientTask {
  readonly statement: string;
  /** The part to be decompressed on the way; undefined where the statement names a plain file. */
  readonly compressed: string | undefined;
}

/** Seconds that the stock client takes for the same CSV into the same tables by the same statements, indexes included. */
export async function loadFloorSeconds(options: LoadFloorOptions): Promise<number> {
  const { manifest, url, database, connections } = options;
  const todo = await clientTasks(options);
  const connection = await createConnection({ uri: url });
  try {
    await connection.query(`CREATE DATABASE ${quoteIdentifier(database)} CHARACTER SET utf8mb4`);
    await connection.changeUser({ database });
    for (const table of manifest.tables) await connection.query(table.createTable);
    const makeIndexes = async (): Promise<void> => {
      for (const table of manifest.tables)
        for (const index of table.indexes) await connection.query(index.statement);
    };
    const startedAt = performance.now();
    if (options.indexes === "before") await makeIndexes();
    const lanes = Array.from({ length: connections }, async () => {
      for (let task = todo.shift(); task !== undefined; task = todo.shift()) await runClient(options, task);
    });
    await Promise.all(lanes);
    if (options.indexes === "after") await makeIndexes();
    const seconds = (performance.now() - startedAt) / 1000;
    await connection.query(`DROP DATABASE ${quoteIdentifier(database)}`);
    return seconds;
  } finally {
    await connection.end();
  }
}

async function clientTasks(options: LoadFloorOptions): Promise<ClientTask[]> {
  const { manifest, folder, plainFolder, isPiped } = options;
  await mkdir(plainFolder, { recursive: true });
  const tasks: ClientTask[] = [];
  for (const table of manifest.tables)
    for (const part of table.parts) {
      const compressed = join(folder, part.file);
      const plainFile = join(plainFolder, part.file.replaceAll("/", "_").replace(/\.zst$/, ""));
      if (!isPiped)
        await pipeline(createReadStream(compressed), createZstdDecompress(), createWriteStream(plainFile));
      const from = isPiped ? "/dev/stdin" : plainFile;
      const statement = loadDataStatement(quoteIdentifier(table.table), table.columns, from);
      tasks.push({ statement, compressed: isPiped ? compressed : undefined });
    }
  return tasks;
}

async function runClient(
  { client, url, database }: LoadFloorOptions,
  { statement, compressed }: ClientTask,
): Promise<void> {
  const { hostname, port, username } = new URL(url);
  const args = ["--no-defaults", `--host=${hostname}`, `--port=${port}`, `--user=${username}`];
  args.push(
    "--protocol=TCP",
    "--local-infile=1",
    "--default-character-set=utf8mb4",
    database,
    "-e",
    statement,
  );
  const [program, ...rest] =
    compressed === undefined
      ? [client, ...args]
      : ["sh", "-c", 'part=$1; shift; zstd -dcq "$part" | "$@"', "sh", compressed, client, ...args];
  const child = spawn(program!, rest, { stdio: ["ignore", "ignore", "pipe"] });
  const [stderr, [code]] = await Promise.all([
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(`the stock client ended with ${code}: ${stderr}`);
}
